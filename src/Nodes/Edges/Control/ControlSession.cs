using System.Text;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>
/// One session on the control port: two lines of greeting, then one command a line, each answered with lines (section
/// 12.1). Mistakes are answered and the session goes on; a session that is silent, floods or guesses ends.
/// </summary>
/// <param name="stream">The connection.</param>
/// <param name="commands">Answers.</param>
/// <param name="passwords">Give roles.</param>
/// <param name="time">Times silence.</param>
/// <param name="logger">Hears which commands were given.</param>
internal sealed class ControlSession(Stream stream, ControlCommands commands, ControlPasswords passwords, TimeProvider time, ILogger logger)
{
    private const int LinesPerWrite = 256;

    private readonly LineReader _lines = new(stream);
    private ControlRole _role = ControlRole.None;
    private int _wrongPasswords;

    /// <summary>Serves until the client quits.</summary>
    /// <exception cref="OperationCanceledException">The router stops, or the client is silent for too long.</exception>
    /// <exception cref="IOException">The client is gone.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        await AnswerAsync(["SMP server control port", "'help' for supported commands"], stopping);
        bool isOpen = true;
        while (isOpen)
        {
            isOpen = await ReadAsync(stopping) is { } line && await TakeAsync(line, stopping);
        }
    }

    private async Task<bool> TakeAsync(string line, CancellationToken stopping)
    {
        if (!ControlCommandParser.TryParse(line, out ControlCommand? command, out string? problem))
        {
            await AnswerAsync([$"error: {problem}"], stopping);
            return true;
        }

        switch (command)
        {
            case { Word: "quit" }:
                return false;
            case { Word: "" }:
                return true;
            case AuthControlCommand auth:
                return await AuthenticateAsync(auth, stopping);
        }

        if (_role < command.Needs)
        {
            ControlLog.Unauthorised(logger, command.Word);
            await AnswerAsync([ControlText.Unauthorised], stopping);
            return true;
        }

        if (command.Word != "help")
        {
            ControlLog.Command(logger, command.Word);
        }

        await AnswerAsync(await commands.AnswerAsync(command, _role, stopping), stopping);
        commands.Answered(command);
        return true;
    }

    /// <summary>The first right password fixes the role of the session (S-370); wrong ones take time and are few.</summary>
    private async Task<bool> AuthenticateAsync(AuthControlCommand auth, CancellationToken stopping)
    {
        ControlRole given = passwords.RoleOf(auth.Password);
        if (given is ControlRole.None)
        {
            ControlLog.WrongPassword(logger);
            _wrongPasswords++;
            await Task.Delay(Limits.ControlWrongPasswordPause, time, stopping);
        }

        string answer;
        if (_role is ControlRole.None)
        {
            _role = given;
            answer = $"Current role is {ControlText.Of(_role)}";
        }
        else
        {
            answer = $"Current role is {ControlText.Of(_role)}{(given == _role ? "" : ", start new session to change.")}";
        }

        await AnswerAsync([answer], stopping);
        return _wrongPasswords < Limits.ControlPasswordAttempts;
    }

    private async Task<string?> ReadAsync(CancellationToken stopping)
    {
        using CancellationTokenSource patience = Patience(stopping, out CancellationTokenSource silence);
        using (silence)
        {
            try
            {
                return await _lines.ReadAsync(patience.Token);
            }
            catch (InvalidDataException)
            {
                await AnswerAsync(["error: the line is too long"], stopping);
                return null;
            }
        }
    }

    private async Task AnswerAsync(IEnumerable<string> lines, CancellationToken stopping)
    {
        using CancellationTokenSource patience = Patience(stopping, out CancellationTokenSource silence);
        using (silence)
        {
            // Some answers have a line for each of very many connections.
            foreach (string[] some in lines.Chunk(LinesPerWrite))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(some.Select(line => line + "\n"))), patience.Token);
            }
        }
    }

    private CancellationTokenSource Patience(CancellationToken stopping, out CancellationTokenSource silence)
    {
        silence = new CancellationTokenSource(Limits.ControlSilence, time);
        return CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token);
    }
}
