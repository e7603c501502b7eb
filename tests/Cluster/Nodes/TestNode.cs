using System.Net;
using Npgsql;
using SimplexActors.Cluster.Network;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;

namespace SimplexActors.Cluster.Nodes;

/// <summary>A node of a <see cref="TestCluster"/>, at its place in the network. It does not run until it is started.</summary>
internal sealed class TestNode(TestCluster cluster, string name, NodePlace place) : IAsyncDisposable
{
    private NodeProcess? _process;

    /// <summary>In the cluster.</summary>
    public string Name => name;

    /// <summary>Where clients reach it.</summary>
    public IPEndPoint Clients { get; } = new(place.Listen, place.SmpPort);

    /// <summary>Whether it was started and has not ended.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Its process; 0 when it was never started.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>As clients are told that reach this node alone.</summary>
    public RouterAddress Address => RouterAddress.Parse($"{cluster.Address.ToString().Split('@')[0]}@{Clients}");

    private string Log => Path.Combine(cluster.Logs, Name + ".log");

    /// <summary>Starts it and waits until it serves clients.</summary>
    /// <param name="settings">Of its configuration, besides those that all nodes have.</param>
    public async Task StartAsync(params string[] settings)
    {
        await EndAsync();
        cluster.Note($"{Name} starts");
        _process = NodeProcess.Start(Log, place.Launcher, [.. Arguments(place.SmpPort, place.LinkPort), .. settings.SelectMany(setting => (string[])["--set", setting])]);
        if (await _process.AddressAsync() is null)
        {
            throw new InvalidOperationException($"{Name} ended while it started.");
        }

        cluster.Note($"{Name} serves");
    }

    /// <summary>Starts a second process under the same name and waits until it ended.</summary>
    public async Task<(int ExitCode, string Log)> RunTwinAsync()
    {
        string log = Path.Combine(cluster.Logs, Name + "-twin.log");
        await using var twin = NodeProcess.Start(log, place.Launcher, Arguments(smpPort: 0, linkPort: 0));
        int code = await twin.ExitAsync();
        return (code, await File.ReadAllTextAsync(log));
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int number)
    {
        cluster.Note($"{Name} gets signal {number}");
        _process!.Signal(number);
    }

    /// <summary>The exit code, once the process ended.</summary>
    public async Task<int> ExitAsync()
    {
        int code = await _process!.ExitAsync();
        cluster.Note($"{Name} ended with {code}");
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
    public async ValueTask DisposeAsync() => await EndAsync();

    private string[] Arguments(int smpPort, int linkPort)
    {
        string database = new NpgsqlConnectionStringBuilder(cluster.Postgres.ConnectionString())
        {
            Host = place.Database.Address.ToString(),
            Port = place.Database.Port,
        }.ConnectionString;
        string[] settings =
        [
            .. TestCluster.Times,
            $"smp.bind={place.Listen}",
            $"store.postgres={database}",
            $"cluster.node={Name}",
            $"cluster.link_port={linkPort}",
            $"cluster.link_bind={place.Listen}",
            $"cluster.link_host={place.LinkAddress}",
            $"cluster.certificates={cluster.Certificates}",
        ];
        return ["start", "--config", cluster.Config, "--smp-port", $"{smpPort}", .. settings.SelectMany(setting => (string[])["--set", setting])];
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
