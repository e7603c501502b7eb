using System.Net;
using Npgsql;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;

namespace SimplexActors.Cluster.Nodes;

/// <summary>
/// A node of a <see cref="TestCluster"/>. What other nodes and the database say to it passes through relays of the test.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    /// <summary>Where other nodes reach the relay of a node; the node itself listens on 127.0.0.1, on the same port.</summary>
    private static readonly IPAddress LinkAddress = new([127, 0, 0, 2]);

    private readonly TestCluster _cluster;
    private NodeProcess? _process;

    /// <summary>A node that does not run yet.</summary>
    public TestNode(TestCluster cluster, string name, Random random)
    {
        _cluster = cluster;
        Name = name;
        SmpPort = FreePort.Find(random);
        LinkPort = FreePort.Find(random);
        Links = new TcpRelay(new IPEndPoint(LinkAddress, LinkPort), () => new IPEndPoint(IPAddress.Loopback, LinkPort), from => cluster.NameOfDialer(from, LinkPort));
        Database = new TcpRelay(new IPEndPoint(IPAddress.Loopback, 0), () => new IPEndPoint(IPAddress.Loopback, cluster.Postgres.Port));
    }

    /// <summary>In the cluster.</summary>
    public string Name { get; }

    /// <summary>Where clients reach it.</summary>
    public int SmpPort { get; }

    /// <summary>Where other nodes reach it.</summary>
    public int LinkPort { get; }

    /// <summary>What other nodes dial; knows them by their names.</summary>
    public TcpRelay Links { get; }

    /// <summary>Between it and the database.</summary>
    public TcpRelay Database { get; }

    /// <summary>Whether it was started and has not ended.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Its process; 0 when it was never started.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>As clients are told that reach this node alone.</summary>
    public RouterAddress Address => _cluster.Address with { Port = (ushort)SmpPort };

    private string Log => Path.Combine(_cluster.Logs, Name + ".log");

    /// <summary>Starts it and waits until it serves clients.</summary>
    /// <param name="settings">Of its configuration, besides those that all nodes have.</param>
    public async Task StartAsync(params string[] settings)
    {
        await EndAsync();
        _cluster.Note($"{Name} starts");
        _process = NodeProcess.Start(Log, [.. Arguments(SmpPort, LinkPort), .. settings.SelectMany(setting => (string[])["--set", setting])]);
        if (await _process.AddressAsync() is null)
        {
            throw new InvalidOperationException($"{Name} ended while it started.");
        }

        _cluster.Note($"{Name} serves");
    }

    /// <summary>Starts a second process under the same name and waits until it ended.</summary>
    public async Task<(int ExitCode, string Log)> RunTwinAsync()
    {
        string log = Path.Combine(_cluster.Logs, Name + "-twin.log");
        await using var twin = NodeProcess.Start(log, Arguments(smpPort: 0, linkPort: 0));
        int code = await twin.ExitAsync();
        return (code, await File.ReadAllTextAsync(log));
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int number)
    {
        _cluster.Note($"{Name} gets signal {number}");
        _process!.Signal(number);
    }

    /// <summary>The exit code, once the process ended.</summary>
    public async Task<int> ExitAsync()
    {
        int code = await _process!.ExitAsync();
        _cluster.Note($"{Name} ended with {code}");
        return code;
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        Signal(RouterProgram.Sigkill);
        await ExitAsync();
    }

    /// <summary>Ends it in order.</summary>
    public async Task<int> StopAsync()
    {
        Signal(RouterProgram.Sigterm);
        return await ExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await Links.DisposeAsync();
        await Database.DisposeAsync();
    }

    private string[] Arguments(int smpPort, int linkPort)
    {
        string database = new NpgsqlConnectionStringBuilder(_cluster.Postgres.ConnectionString()) { Port = Database.Port }.ConnectionString;
        string[] settings =
        [
            .. TestCluster.Times,
            "smp.bind=127.0.0.1",
            $"store.postgres={database}",
            $"cluster.node={Name}",
            $"cluster.link_port={linkPort}",
            "cluster.link_bind=127.0.0.1",
            $"cluster.link_host={LinkAddress}",
            $"cluster.certificates={_cluster.Certificates}",
        ];
        return ["start", "--config", _cluster.Config, "--smp-port", $"{smpPort}", .. settings.SelectMany(setting => (string[])["--set", setting])];
    }

    private async Task EndAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }
}
