using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine.Cluster;

/// <summary>Gives each test a database, and members of a cluster in it.</summary>
public abstract class ClusterCommandBase(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly List<IAsyncDisposable> _parts = [];
    private PostgresDatabase? _database;

    internal PostgresDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        _database = await server.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (IAsyncDisposable part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        if (_database is { } database)
        {
            await database.DisposeAsync();
        }
    }

    /// <summary>Makes the tables.</summary>
    internal async Task MigrateAsync()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false });
        await PostgresMigrations.ApplyAsync(source, NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    /// <summary>Makes a real member that serves nothing.</summary>
    internal async Task<ShardOwnership> JoinAsync(string name, int port, byte[]? fingerprint = null, int shards = 256)
    {
        var options = new OwnershipOptions();
        NpgsqlDataSource source = ClusterDataSource.Create(Database.ConnectionString, options);
        _parts.Add(source);
        var identity = new NodeIdentity(name, "127.0.0.1", port, "1.2.3", shards, fingerprint is null ? [1, 2, 3] : [.. fingerprint]);
        var member = new ShardOwnership(source, identity, [], options, TimeProvider.System, NullLogger.Instance);
        _parts.Add(member);
        await member.JoinAsync(TestContext.Current.CancellationToken);
        return member;
    }

    /// <summary>Waits until every member has the shards that it is to have.</summary>
    internal async Task SettleAsync()
    {
        await using NpgsqlDataSource source = ClusterDataSource.Create(Database.ConnectionString, new OwnershipOptions());
        while (!IsSettled(await ClusterStatusReader.ReadAsync(source, TestContext.Current.CancellationToken)))
        {
            // Each look is a connection, which the database needs a process for.
            await Task.Delay(Look, TestContext.Current.CancellationToken);
        }
    }

    private static bool IsSettled(ClusterStatus status)
    {
        ImmutableArray<NodeNumber> owners = Rendezvous.Owners([.. status.Nodes.Select(node => node.Node)], status.ShardCount);
        return status.UnownedShards == 0 && status.Nodes.All(node => node.Shards == owners.Count(owner => owner == node.Node.Number));
    }

    /// <summary>A member that is but a row.</summary>
    internal Task InsertAsync(string name, string link, double silentSeconds, string state = "live") => Database.ExecuteAsync(
        $"""
        INSERT INTO cluster (shard_count, fingerprint) VALUES (256, '\x010203') ON CONFLICT DO NOTHING;
        INSERT INTO shards (shard_no) SELECT generate_series(0, 255) ON CONFLICT DO NOTHING;
        INSERT INTO nodes (name, link_host, link_port, release, state, heartbeat_at)
        VALUES ('{name}', '{link}', 5226, '1.2.3', '{state}', clock_timestamp() - interval '{silentSeconds} seconds');
        """);

    /// <summary>Gives all shards to a member.</summary>
    internal Task OwnAllAsync(string name) => Database.ExecuteAsync(
        $"UPDATE shards SET owner = (SELECT node_no FROM nodes WHERE name = '{name}' AND state <> 'gone'), range_id = range_id + 1");
}
