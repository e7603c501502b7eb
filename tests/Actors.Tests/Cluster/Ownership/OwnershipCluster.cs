using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Storage.Postgres;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>Nodes in this process that share a real database.</summary>
internal sealed class OwnershipCluster : IAsyncDisposable
{
    public const int Shards = 64;

    /// <summary>Quick, but not so quick that a busy machine loses its lease in passing.</summary>
    public static OwnershipOptions Options { get; } = new()
    {
        Heartbeat = TimeSpan.FromMilliseconds(100),
        ServeFor = TimeSpan.FromSeconds(2),
        ClaimAfter = TimeSpan.FromSeconds(3),
        HandOffsPerSecond = 1000,
    };

    private readonly string _connectionString;
    private readonly List<OwnershipNode> _nodes = [];
    private readonly List<OwnershipNode> _all = [];

    private OwnershipCluster(string connectionString) => _connectionString = connectionString;

    public Changes Changes { get; } = new();

    public IReadOnlyList<OwnershipNode> Nodes => _nodes;

    public static async Task<OwnershipCluster> CreateAsync(string connectionString)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await PostgresMigrations.ApplyAsync(source, NullLogger.Instance);
        return new OwnershipCluster(connectionString);
    }

    public static NodeIdentity Identity(string name, int shards = Shards, byte key = 1) => new(name, "127.0.0.1", 5230, "0.1.0", shards, [key, 2, 3]);

    /// <summary>A node that has not joined.</summary>
    public OwnershipNode Make(
        NodeIdentity identity, Func<int, Task>? closing = null, IShardHost? more = null, string? connectionString = null, OwnershipOptions? options = null)
    {
        options ??= Options;
        NpgsqlDataSource source = ClusterDataSource.Create(connectionString ?? _connectionString, options, identity.Name);
        var host = new RecordingHost(identity.Name, identity.ShardCount, Changes, closing);
        var ownership = new ShardOwnership(source, identity, more is null ? [host] : [host, more], options, new SuspendAwareTime(), NullLogger.Instance);
        host.Lease = ownership;
        host.Others = () => _all.Select(node => node.Host).Where(other => other != host);
        ownership.OnChange(_ => Changes.Pulse());
        var node = new OwnershipNode(identity.Name, source, host, ownership);
        _all.Add(node);
        return node;
    }

    public async Task<OwnershipNode> JoinAsync(string name, Func<int, Task>? closing = null, IShardHost? more = null, string? connectionString = null)
    {
        OwnershipNode node = Make(Identity(name), closing, more, connectionString);
        _nodes.Add(node);
        await node.Ownership.JoinAsync(TestContext.Current.CancellationToken);
        return node;
    }

    /// <summary>Stops a node as a crash does: nobody is told.</summary>
    public async Task CrashAsync(OwnershipNode node)
    {
        _nodes.Remove(node);
        await node.DisposeAsync();
    }

    public async Task LeaveAsync(OwnershipNode node)
    {
        await node.Ownership.LeaveAsync(TestContext.Current.CancellationToken);
        _nodes.Remove(node);
        await node.DisposeAsync();
    }

    /// <summary>Waits until every shard is open where it should be, and every node knows it.</summary>
    public Task SettledAsync() => UntilAsync(IsSettled);

    public Task UntilAsync(Func<bool> condition) => Changes.UntilAsync(condition, Describe);

    public string Describe() => string.Join("; ", _all.Select(node =>
        $"{node.Host.Name}: open {node.Host.Open}, suspended {node.Host.Suspended}, lease {node.Ownership.IsValid}, members {node.Ownership.Status.Cluster.Nodes.Length}"));

    public void AssertNothingWrong() => Assert.Empty(_all.SelectMany(node => node.Host.Wrong));

    public async ValueTask DisposeAsync()
    {
        foreach (OwnershipNode node in _all)
        {
            await node.DisposeAsync();
        }
    }

    private bool IsSettled()
    {
        if (_nodes.Any(node => node.Ownership.Status.Cluster.Nodes.Length != _nodes.Count))
        {
            return false;
        }

        var members = _nodes[0].Ownership.Status.Cluster.Nodes.Select(status => status.Node).ToList();
        var wanted = Rendezvous.Owners(members, Shards);
        return Enumerable.Range(0, Shards).All(shard => _nodes.All(node =>
            node.Ownership.OwnerOf(shard).Node == wanted[shard] && node.Host.IsOpen(shard) == (wanted[shard] == node.Ownership.Self)));
    }
}

/// <summary>One of them.</summary>
internal sealed record OwnershipNode(string Name, NpgsqlDataSource Source, RecordingHost Host, ShardOwnership Ownership) : IAsyncDisposable
{
    private bool _isDisposed;

    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await Ownership.DisposeAsync();
            await Source.DisposeAsync();
        }
    }
}
