using Npgsql;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Cluster.Nodes;

/// <summary>Who owns what, as the database says; asked beside the nodes' network.</summary>
internal sealed class ClusterFacts(TestCluster cluster)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private const string CountOwners = """
        SELECT n.name, count(*)::int FROM shards s JOIN nodes n ON n.node_no = s.owner WHERE n.state = 'live' GROUP BY n.name
        """;

    /// <summary>The node that owns a queue at present, by its recipient id; null where nobody does.</summary>
    public async Task<Func<EntityId, TestNode?>> OwnersAsync()
    {
        List<string?> names = await QueryAsync(
            "SELECT n.name FROM shards s LEFT JOIN nodes n ON n.node_no = s.owner ORDER BY s.shard_no", reader => reader.IsDBNull(0) ? null : reader.GetString(0));
        return recipientId => cluster.Nodes.FirstOrDefault(node => node.Name == names[Sharding.ShardOf(recipientId, Limits.ShardsPerRegion)]);
    }

    /// <summary>The number under which a node is a member now; null when it is none.</summary>
    public async Task<long?> NumberOfAsync(TestNode node) =>
        (long?)await ScalarAsync($"SELECT node_no FROM nodes WHERE name = '{node.Name}' AND state = 'live'");

    /// <summary>How many shards a number owns.</summary>
    public async Task<long> ShardsOfAsync(long number) => (long)(await ScalarAsync($"SELECT count(*) FROM shards WHERE owner = {number}"))!;

    /// <summary>Waits until the running nodes own all shards, each of them some, and nobody else any.</summary>
    public async Task SpreadAsync()
    {
        using var patience = new CancellationTokenSource(TestCluster.Patience);
        while (!await IsSpreadAsync())
        {
            await Task.Delay(Look, patience.Token);
        }

        cluster.Note("the shards are spread");
    }

    /// <summary>Waits until a node that was declared dead is a member under another number; under its former one it wrote nothing.</summary>
    public async Task JoinedAgainAsync(TestNode node, long former)
    {
        IReadOnlyList<(long? Owner, long RangeId)> before = await RangesAsync();
        await UntilAsync(async () => await NumberOfAsync(node) is { } number && number != former);
        cluster.Note($"{node.Name} joined again");
        await SpreadAsync();
        IReadOnlyList<(long? Owner, long RangeId)> after = await RangesAsync();
        Assert.DoesNotContain(after, shard => shard.Owner == former);
        Assert.All(before.Zip(after), both => Assert.True(both.First.RangeId <= both.Second.RangeId));
    }

    /// <summary>Waits until something is true.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TestCluster.Patience);
        while (!await condition())
        {
            await Task.Delay(Look, patience.Token);
        }
    }

    /// <summary>Owner and range id of every shard, by shard.</summary>
    private async Task<IReadOnlyList<(long? Owner, long RangeId)>> RangesAsync() => await QueryAsync(
        "SELECT owner, range_id FROM shards ORDER BY shard_no", reader => (reader.IsDBNull(0) ? (long?)null : reader.GetInt64(0), reader.GetInt64(1)));

    private async Task<bool> IsSpreadAsync()
    {
        List<(string Name, int Shards)> owners = await QueryAsync(CountOwners, reader => (reader.GetString(0), reader.GetInt32(1)));
        return owners.Sum(owner => owner.Shards) == Limits.ShardsPerRegion
            && owners.Select(owner => owner.Name).Order().SequenceEqual(cluster.Running.Select(node => node.Name).Order());
    }

    private async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        List<object?> rows = await QueryAsync(sql, reader => reader.IsDBNull(0) ? null : reader.GetValue(0));
        return rows.FirstOrDefault();
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.Postgres.ConnectionString()) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
