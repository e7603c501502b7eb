using System.Diagnostics;

namespace SimplexActors.Testing;

/// <summary>The openssl program: an independent peer and judge.</summary>
public static class OpenSslProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Separated by single spaces.</param>
    /// <param name="folder">Working folder.</param>
    /// <param name="cancellation">Kills it.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(string arguments, string? folder, CancellationToken cancellation)
    {
        using OpenSslProcess process = Start(arguments, folder);
        process.CloseInput();
        return await process.FinishAsync(cancellation);
    }

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Separated by single spaces.</param>
    /// <param name="folder">Working folder; null: that of temporary files.</param>
    /// <param name="configuration">Path of its configuration; null: the system's.</param>
    public static OpenSslProcess Start(string arguments, string? folder = null, string? configuration = null)
    {
        var start = new ProcessStartInfo("openssl", arguments.Split(' '))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        if (configuration is not null)
        {
            start.Environment["OPENSSL_CONF"] = configuration;
        }

        return new OpenSslProcess(Process.Start(start) ?? throw new InvalidOperationException("openssl did not start."));
    }
}

/// <summary>A running openssl.</summary>
public sealed class OpenSslProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly System.Text.StringBuilder _output = new();

    internal OpenSslProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Types a line.</summary>
    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Ends what is typed.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Reads output up to a line that contains <paramref name="text"/>; fails at the end of output.</summary>
    public async Task WaitForLineAsync(string text, CancellationToken cancellation)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            _output.AppendLine(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"openssl never wrote '{text}':\n{_output}{await _errors}");
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Output)> FinishAsync(CancellationToken cancellation)
    {
        _output.Append(await _process.StandardOutput.ReadToEndAsync(cancellation));
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, _output + await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
