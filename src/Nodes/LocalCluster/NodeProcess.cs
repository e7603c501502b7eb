using System.Diagnostics;
using System.Text;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Hosting;
using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>
/// A node of a cluster on one machine: this program as a process of its own, in a session of its own, so that what a terminal
/// sends to us does not reach it. It never outlives us.
/// </summary>
internal sealed class NodeProcess : IDisposable
{
    private const int SignalExitCodeBase = 128;

    private readonly Process _process;
    private readonly ProcessGuard _guard;
    private readonly string _log;
    private readonly TaskCompletionSource<string?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _port;

    private NodeProcess(string name, string log, Process process, ProcessGuard guard)
    {
        (Name, _log, _process, _guard) = (name, log, process, guard);
        Id = process.Id;
        Ended = RunAsync();
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>Process id.</summary>
    public int Id { get; }

    /// <summary>Port for clients; 0 as long as it serves none.</summary>
    public int Port => _port;

    /// <summary>The line with its address, once it serves clients; null when it ended before.</summary>
    public Task<string?> Ready => _ready.Task;

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Ended { get; }

    /// <summary>Starts a node.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="log">Its log goes to the end of this file.</param>
    /// <param name="arguments">Of the program.</param>
    public static async Task<NodeProcess> StartAsync(string name, string log, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", ProcessGuard.HeldScript + " 2>>\"$0\"", log, .. Program(), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (string key in start.Environment.Keys.Where(key => key.StartsWith(ConfigLoader.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            // Meant for another router of this machine, whose database it may name.
            start.Environment.Remove(key);
        }

        Process process = Process.Start(start) ?? throw new StartException("setsid did not start");
        return new NodeProcess(name, log, process, await ProcessGuard.LetGoAsync(process, "KILL"));
    }

    /// <summary>How it ended: in words, with the last line of its log.</summary>
    /// <param name="code">Its exit code.</param>
    public string DescribeEnd(int code)
    {
        string how = code > SignalExitCodeBase ? $"was ended by signal {code - SignalExitCodeBase}" : $"ended with exit code {code}";
        string last = File.Exists(_log) ? File.ReadLines(_log).LastOrDefault(line => line.Trim().Length > 0, "").Trim() : "";
        return last.Length == 0 ? $"{how}; it logged nothing" : $"{how}; the last line of {_log}: {last}";
    }

    /// <summary>Asks it to stop, and kills it when it has not.</summary>
    /// <param name="patience">Cancelled when it had time enough.</param>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(CancellationToken patience)
    {
        if (Ended.IsCompleted)
        {
            return true;
        }

        ProcessTree.Send(Id, ProcessTree.Terminate);
        try
        {
            await Ended.WaitAsync(patience);
            return true;
        }
        catch (OperationCanceledException)
        {
            ProcessTree.Send(Id, ProcessTree.Kill);
            await Ended;
            return false;
        }
    }

    /// <summary>Releases what belongs to a node that has ended.</summary>
    public void Dispose() => _process.Dispose();

    private static string[] Program()
    {
        string program = Environment.ProcessPath ?? throw new StartException("the path of this program is not known");
        return Path.GetFileName(program) == "dotnet" ? [program, typeof(NodeProcess).Assembly.Location] : [program];
    }

    private async Task<int> RunAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (RouterAddress.TryParse(line, out RouterAddress? address, out _))
            {
                _port = address.Port ?? 0;
                _ready.TrySetResult(line);
            }
        }

        await _process.WaitForExitAsync();
        await _guard.ReleaseAsync();
        _ready.TrySetResult(null);
        return _process.ExitCode;
    }
}
