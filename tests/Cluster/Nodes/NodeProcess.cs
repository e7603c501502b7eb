using System.Diagnostics;
using System.Globalization;
using SimplexActors.Testing;

namespace SimplexActors.Cluster.Nodes;

/// <summary>One run of a node: the real program, whose output goes to a file.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly TaskCompletionSource<string?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;

    private NodeProcess(Process process, string log)
    {
        _process = process;
        _log = TextWriter.Synchronized(new StreamWriter(log, append: true) { AutoFlush = true });
        _log.WriteLine($"-- process {process.Id.ToString(CultureInfo.InvariantCulture)}");
        _output = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts the program.</summary>
    /// <param name="log">File that its output is added to.</param>
    /// <param name="launcher">A program with arguments that becomes the given one; empty for none.</param>
    /// <param name="arguments">Its arguments.</param>
    public static NodeProcess Start(string log, IReadOnlyList<string> launcher, IEnumerable<string> arguments)
    {
        string[] command = [.. launcher, Path.Combine(AppContext.BaseDirectory, "simplex-router"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new NodeProcess(Process.Start(start) ?? throw new InvalidOperationException("The program did not start."), log);
    }

    /// <summary>Its address, once it serves clients; null when it ended before.</summary>
    public Task<string?> AddressAsync() => _address.Task.WaitAsync(Patience);

    /// <summary>Sends a signal.</summary>
    public void Signal(int number) => RouterProgram.Signal(_process.Id, number);

    /// <summary>The exit code, once it ended.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _output.WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await ExitAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            await _log.WriteLineAsync(line);
            if (line.StartsWith("smp://", StringComparison.Ordinal))
            {
                _address.TrySetResult(line);
            }
        }

        if (from == _process.StandardOutput)
        {
            _address.TrySetResult(null);
        }
    }
}
