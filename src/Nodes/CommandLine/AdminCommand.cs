using System.CommandLine;
using SimplexActors.Nodes.Configuration;
using Spectre.Console;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>
/// <c>simplex-router admin</c>: commands for a router that runs on this machine, over its control port. With a command it
/// prints the answer; without one it asks for commands until the input ends.
/// </summary>
internal static class AdminCommand
{
    private const string Prompt = "router> ";

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string> file = StartCommand.ConfigOption();
        var port = new Option<int?>("--port") { Description = "Port of 127.0.0.1, instead of the configuration's", HelpName = "PORT" };
        var user = new Option<bool>("--user") { Description = "Uses control.user_password instead of control.admin_password" };
        var words = new Argument<string[]>("command") { Description = "Such as: status ID; help lists commands", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("admin", "Looks at a running router, blocks and deletes queues.") { file, port, user, words };
        command.SetAction(async (parsed, cancellation) =>
        {
            // With a port given the file may be missing: passwords can come from the environment.
            string path = parsed.GetRequiredValue(file);
            int? given = parsed.GetValue(port);
            RouterConfig config = ConfigLoader.Load(given is null || File.Exists(path) ? StartCommand.Existing(path) : null, new Dictionary<string, string>());
            int found = given ?? config.Control.Port;
            if (found is < 0 or > ushort.MaxValue)
            {
                throw new CommandFailure($"--port {found}: must be a whole number from 1 to 65535");
            }

            if (found == 0)
            {
                throw new CommandFailure("this router has no control port: set control.port, or give --port");
            }

            var client = new AdminClient(found, parsed.GetValue(user) ? config.Control.UserPassword : config.Control.AdminPassword);
            string[] asked = parsed.GetValue(words) ?? [];
            return asked.Length > 0 ? await AskAsync(client, string.Join(' ', asked), cancellation) : await ConverseAsync(client, cancellation);
        });
        return command;
    }

    private static async Task<int> ConverseAsync(AdminClient client, CancellationToken cancellation)
    {
        bool isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        int outcome = ExitCode.Success;
        while (true)
        {
            if (isTerminal)
            {
                AnsiConsole.Markup($"[bold]{Prompt}[/]");
            }

            string? line = (await Console.In.ReadLineAsync(cancellation))?.Trim();
            if (line is null or "quit" or "exit")
            {
                return outcome;
            }

            if (line.Length > 0 && await AskAsync(client, line, cancellation) != ExitCode.Success)
            {
                outcome = ExitCode.Failure;
            }
        }
    }

    private static async Task<int> AskAsync(AdminClient client, string command, CancellationToken cancellation)
    {
        IReadOnlyList<string> lines = await client.AskAsync(command, cancellation);
        bool isRefused = lines is [var first, ..] && (first == "AUTH" || first.StartsWith("error", StringComparison.Ordinal));
        if (Console.IsOutputRedirected)
        {
            foreach (string line in lines)
            {
                Console.Out.WriteLine(line);
            }
        }
        else if (command == "clients" && !isRefused)
        {
            AnsiConsole.Write(TableOf(lines));
        }
        else
        {
            foreach (string line in lines)
            {
                AnsiConsole.WriteLine(line, isRefused ? new Style(Color.Red) : Style.Plain);
            }
        }

        return isRefused ? ExitCode.Failure : ExitCode.Success;
    }

    private static Table TableOf(IReadOnlyList<string> lines)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns([.. lines[0].Split(',')]);
        foreach (string line in lines.Skip(1))
        {
            table.AddRow([.. line.Split(',').Select(Markup.Escape)]);
        }

        return table;
    }
}
