using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Testing;

/// <summary>The real program as a process. Every wait ends with an event or, after a minute, with a failure.</summary>
public sealed partial class RouterProgram : IAsyncDisposable
{
    /// <summary>Signal numbers on Linux.</summary>
    public const int Sigint = 2, Sigkill = 9, Sigterm = 15, Sigcont = 18, Sigstop = 19;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private RouterProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "simplex-router");

    /// <summary>Starts the program in <paramref name="folder"/>.</summary>
    public static RouterProgram Start(string folder, string[] arguments, (string Name, string Value)[]? environment = null) =>
        Start(folder, Executable, arguments, environment);

    /// <summary>Starts the program as a script does with <c>&amp;</c>: what it starts ignores SIGINT and SIGQUIT, unless it says otherwise.</summary>
    public static RouterProgram StartInBackground(string folder, string[] arguments) =>
        Start(folder, "sh", ["-c", "trap '' INT QUIT; exec \"$0\" \"$@\"", Executable, .. arguments], environment: null);

    private static RouterProgram Start(string folder, string program, string[] arguments, (string Name, string Value)[]? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new RouterProgram(Process.Start(start) ?? throw new InvalidOperationException("The program did not start."));
    }

    /// <summary>Its process id, for <c>/proc</c>.</summary>
    public int Id => _process.Id;

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string folder, string[] arguments, (string Name, string Value)[]? environment = null)
    {
        await using RouterProgram program = Start(folder, arguments, environment);
        string output = await program._process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        return (await program.ExitAsync(), output, await program._errors.WaitAsync(Patience));
    }

    /// <summary>
    /// Starts <c>simplex-router dev</c> on a folder and waits for its address. Options beyond the folder are the caller's; the
    /// system chooses the port, unless they do.
    /// </summary>
    public static async Task<(RouterProgram Program, RouterAddress Address)> StartDevAsync(string folder, params string[] options)
    {
        string[] port = options.Contains("--smp-port") ? [] : ["--smp-port", "0"];
        RouterProgram program = Start(folder, ["dev", "--data", folder, .. port, .. options]);
        while (await program.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("smp://", StringComparison.Ordinal))
            {
                return (program, RouterAddress.Parse(line));
            }
        }

        throw new InvalidOperationException("The router ended before it printed its address: " + await program.ErrorsAsync());
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Types a line.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The exit code, once the program ended.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>All of standard error, once the program ended.</summary>
    public Task<string> ErrorsAsync() => _errors.WaitAsync(Patience);

    /// <summary>Sends a signal.</summary>
    public void Signal(int number) => Signal(_process.Id, number);

    /// <summary>Sends a signal to any process.</summary>
    public static void Signal(int process, int number)
    {
        if (Kill(process, number) != 0)
        {
            throw new InvalidOperationException($"kill failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Ends the program, whatever it does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
