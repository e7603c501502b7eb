using System.Globalization;
using System.Net;
using SimplexActors.Cluster.Network;
using SimplexActors.Nodes.LocalCluster;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;

namespace SimplexActors.Cluster.Nodes;

/// <summary>Real nodes behind one identity, on a real PostgreSQL of their own. A take-over takes about three seconds.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TestNode> _nodes = [];
    private readonly TextWriter _notes;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;
    private int _lastNode;

    private TestCluster()
    {
        string time = TimeProvider.System.GetUtcNow().ToString("MMdd-HHmmss-fff", CultureInfo.InvariantCulture);
        Logs = Directory.CreateDirectory(Repository.PathOf("artifacts", "cluster", time)).FullName;
        _notes = TextWriter.Synchronized(new StreamWriter(Path.Combine(Logs, "test.log")) { AutoFlush = true });
        _watching = WatchPausesAsync();
    }

    /// <summary>Short ones, so that the tests are short.</summary>
    public static IReadOnlyList<string> Times { get; } =
    [
        "cluster.heartbeat=300 ms", "cluster.serve_for=1500 ms", "cluster.claim_after=2 s", "cluster.hand_offs=32", "cluster.hand_offs_per_second=500",
        "cluster.request_timeout=4 s", "cluster.drain_time=1 s",
    ];

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>A failure bound only.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Folder of the logs of all nodes, and of what the test did.</summary>
    public string Logs { get; }

    /// <summary>Configuration that the nodes share.</summary>
    public string Config => _folder.Of("base.conf");

    /// <summary>Folder of the certificates of links.</summary>
    public string Certificates => _folder.Of("cluster");

    /// <summary>The router's, with no node's port.</summary>
    public RouterAddress Address { get; private set; } = null!;

    /// <summary>The database.</summary>
    public PrivatePostgres Postgres { get; private set; } = null!;

    /// <summary>What is between the nodes and before the database.</summary>
    public IClusterNetwork Network { get; private set; } = null!;

    /// <summary>What the database says of nodes and shards.</summary>
    public ClusterFacts Facts { get; private set; } = null!;

    /// <summary>All nodes, in the order in which they were added.</summary>
    public IReadOnlyList<TestNode> Nodes => _nodes;

    /// <summary>Those that run.</summary>
    public IReadOnlyList<TestNode> Running => [.. _nodes.Where(node => node.IsRunning)];

    /// <summary>Starts one; the shards are spread over all nodes when this returns.</summary>
    public static async Task<TestCluster> StartAsync(int nodes)
    {
        var cluster = new TestCluster();
        try
        {
            Task<PrivatePostgres> postgres = PostgresServer.StartOwnAsync();
            await cluster.InitialiseAsync();
            cluster.Postgres = await postgres;
            cluster.Facts = new ClusterFacts(cluster);
            cluster.Network = await cluster.MakeNetworkAsync();
            while (cluster._lastNode < nodes)
            {
                await cluster.JoinAsync(cluster.NextName());
            }

            // The first makes the tables.
            await cluster._nodes[0].StartAsync();
            await Task.WhenAll(cluster._nodes.Skip(1).Select(node => node.StartAsync()));
            await cluster.Facts.SpreadAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes one more node, which does not run yet.</summary>
    public async Task<TestNode> AddNodeAsync()
    {
        string name = NextName();
        await RunProgramAsync("cluster", "cert", Certificates, name);
        return await JoinAsync(name);
    }

    /// <summary>Forgets a node that has left.</summary>
    public async Task RemoveAsync(TestNode node)
    {
        _nodes.Remove(node);
        await node.DisposeAsync();
        await Network.LeaveAsync(node.Name);
    }

    /// <summary>Writes down what the test does.</summary>
    public void Note(string text) => _notes.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {text}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await (Network?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }

        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
        await _notes.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Whoever looks for a fault shall see when it was the machine that had no time for the test.</summary>
    private async Task WatchPausesAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            long began = TimeProvider.System.GetTimestamp();
            await Task.Delay(Look, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TimeSpan late = TimeProvider.System.GetElapsedTime(began) - Look;
            if (late > Look)
            {
                Note($"this process had a pause of {late.TotalSeconds:0.0} s");
            }
        }
    }

    private async Task<IClusterNetwork> MakeNetworkAsync()
    {
        IPEndPoint Database() => new(IPAddress.Loopback, Postgres.Port);
        try
        {
            return await NamespaceNetwork.CreateAsync(Database);
        }
        catch (NetworkException missing)
        {
            Note($"no real network, but relays: {missing.Message}");
            return new RelayNetwork(
                missing.Message, Database, (from, to) => _nodes.Find(node => node.IsRunning && SocketOwners.Holds(node.ProcessId, from, to))?.Name);
        }
    }

    private string NextName() => $"n{(++_lastNode).ToString(CultureInfo.InvariantCulture)}";

    private async Task<TestNode> JoinAsync(string name)
    {
        var node = new TestNode(this, name, await Network.JoinAsync(name));
        _nodes.Add(node);
        return node;
    }

    private async Task InitialiseAsync()
    {
        string output = await RunProgramAsync(
            "init", "--host", "localhost", "--no-password", "--smp-port", "5223",
            "--config", Config, "--identity", _folder.Of("identity"), "--data", _folder.Of("data"));
        Address = RouterAddress.Parse(output.Split('\n').First(line => line.StartsWith("smp://", StringComparison.Ordinal)));
        await RunProgramAsync("cluster", "init", Certificates, "--node", "n1", "--node", "n2", "--node", "n3");
    }

    private async Task<string> RunProgramAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        return code == 0 ? output : throw new InvalidOperationException(errors);
    }
}
