using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;

namespace SimplexActors.Cluster.Local;

/// <summary>The command <c>cluster run</c> with everything that it started.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private readonly RouterProgram _program;

    private RunningCluster(RouterProgram program, string folder, IReadOnlyList<RouterAddress> addresses)
    {
        (_program, Folder, Addresses) = (program, folder, addresses);
        Family = ProcessList.Family(program.Id);
    }

    /// <summary>Of the cluster.</summary>
    public string Folder { get; }

    /// <summary>What was printed, in order.</summary>
    public IReadOnlyList<RouterAddress> Addresses { get; }

    /// <summary>The command and all processes below it, as they were when all nodes were ready.</summary>
    public IReadOnlyList<int> Family { get; }

    /// <summary>Process id of the command.</summary>
    public int Id => _program.Id;

    /// <summary>A folder that PostgreSQL's account can reach.</summary>
    public static TemporaryFolder MakeFolder()
    {
        var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        return folder;
    }

    /// <summary>Starts the command and waits for its addresses.</summary>
    public static async Task<RunningCluster> StartAsync(TemporaryFolder folder, int nodes = 3, params string[] settings)
    {
        string data = folder.Of("cluster");
        RouterProgram program = RouterProgram.Start(
            folder.Path, ["cluster", "run", "--nodes", $"{nodes}", "--data", data, "--smp-port", "0", .. settings.SelectMany(setting => new[] { "--set", setting })]);
        List<RouterAddress> addresses = [];
        while (addresses.Count < nodes)
        {
            string line = await program.ReadLineAsync() ?? throw new InvalidOperationException("The cluster ended before it printed its addresses: " + await program.ErrorsAsync());
            addresses.Add(RouterAddress.Parse(line));
        }

        return new RunningCluster(program, data, addresses);
    }

    /// <summary>Connects to a node.</summary>
    /// <param name="node">From 1.</param>
    public async Task<Peer> ConnectAsync(int node) => new(await SmpClient.ConnectAsync(Addresses[node - 1]));

    /// <summary>Process id of a node.</summary>
    /// <param name="node">From 1.</param>
    public int ProcessOf(int node) => Family.Single(process => ProcessList.ArgumentsOf(process) is [_, "start", .. var options] && options.Contains($"cluster.node=n{node}"));

    /// <summary>Sends a signal to the command.</summary>
    public void Signal(int number) => _program.Signal(number);

    /// <summary>Waits until the command has ended.</summary>
    /// <returns>Its exit code, what else it printed, and its log.</returns>
    public async Task<(int ExitCode, string? Output, string Log)> EndAsync()
    {
        string? rest = await _program.ReadLineAsync();
        return (await _program.ExitAsync(), rest, await _program.ErrorsAsync());
    }

    /// <summary>Ends everything, whatever it does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await ProcessList.GoneAsync(Family);
    }
}
