using Npgsql;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Tests.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>A stopped cluster goes on with another number of shards.</summary>
public sealed class ShardCountChangeTests(PostgresServer server) : OwnershipTestBase(server)
{
    private const string LeastClaim = "SELECT min(range_id) FROM shards", LatestClaim = "SELECT max(range_id) FROM shards";

    private readonly List<string> _waitedFor = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(128)]
    [InlineData(20)]
    public async Task After_a_change_nodes_with_the_new_number_serve_everything_and_no_old_claim_holds(int shards)
    {
        await Cluster.LeaveAsync(await Cluster.JoinAsync("a"));
        long latest = await Database.ScalarAsync<long>(LatestClaim);

        Assert.Equal(OwnershipCluster.Shards, await ChangeAsync(shards));
        Assert.Empty(_waitedFor);
        Assert.Equal((shards, latest + 1), (await Database.ScalarAsync<long>("SELECT count(*) FROM shards"), await Database.ScalarAsync<long>(LeastClaim)));

        OwnershipNode old = Cluster.Make(OwnershipCluster.Identity("a"));
        ClusterJoinException refused = await Assert.ThrowsAsync<ClusterJoinException>(() => old.Ownership.JoinAsync(Cancellation));
        Assert.Contains($"has {shards} shards", refused.Message, StringComparison.Ordinal);
        OwnershipNode @new = Cluster.Make(OwnershipCluster.Identity("a", shards));
        await @new.Ownership.JoinAsync(Cancellation);
        await Cluster.UntilAsync(() => @new.Host.Open == shards);
        Assert.Equal(shards, await ChangeAsync(shards));
    }

    [Fact]
    public async Task Shards_that_go_and_come_back_never_have_a_number_of_before()
    {
        await Cluster.LeaveAsync(await Cluster.JoinAsync("a"));
        await Database.ExecuteAsync("UPDATE shards SET range_id = 1000 WHERE shard_no = 63");
        await ChangeAsync(20);
        await ChangeAsync(64);
        Assert.True(await Database.ScalarAsync<long>(LeastClaim) > 1000);
    }

    [Fact]
    public async Task A_node_that_runs_prevents_it()
    {
        await Cluster.JoinAsync("a");
        long latest = await Database.ScalarAsync<long>(LatestClaim);
        ClusterJoinException refused = await Assert.ThrowsAsync<ClusterJoinException>(() => ChangeAsync(128));
        Assert.StartsWith("Node 'a' runs at 127.0.0.1:5230: stop all nodes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(latest, await Database.ScalarAsync<long>(LatestClaim));
        Assert.Equal(OwnershipCluster.Shards, await Database.ScalarAsync<int>("SELECT shard_count FROM cluster"));
        await Cluster.SettledAsync();
    }

    [Fact]
    public async Task A_node_that_died_is_waited_for_and_what_it_still_holds_is_ended()
    {
        await Cluster.CrashAsync(await Cluster.JoinAsync("a"));
        await using var writer = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false, ApplicationName = "simplex-router a" }.ConnectionString);
        await writer.OpenAsync(Cancellation);
        await using NpgsqlTransaction late = await writer.BeginTransactionAsync(Cancellation);
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM shards WHERE shard_no = 5 FOR SHARE", writer, late))
        {
            await hold.ExecuteScalarAsync(Cancellation);
        }

        Assert.Equal(OwnershipCluster.Shards, await ChangeAsync(128));
        Assert.Equal(["a"], _waitedFor);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => late.CommitAsync(Cancellation));
    }

    [Fact]
    public async Task A_node_that_joins_at_the_same_time_has_the_number_of_the_cluster_or_is_refused()
    {
        await Cluster.LeaveAsync(await Cluster.JoinAsync("a"));
        OwnershipNode node = Cluster.Make(OwnershipCluster.Identity("b"));
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(Database.ConnectionString);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction change = await connection.BeginTransactionAsync(Cancellation);
        await using (var lockCluster = new NpgsqlCommand(ClusterSql.SetShardCount, connection, change) { Parameters = { new NpgsqlParameter { Value = 128 } } })
        {
            await lockCluster.ExecuteNonQueryAsync(Cancellation);
        }

        Task joining = node.Ownership.JoinAsync(Cancellation);
        await PostgresWaits.UntilBlockedAsync(Database);
        await change.CommitAsync(Cancellation);
        await Assert.ThrowsAsync<ClusterJoinException>(() => joining);
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM nodes WHERE state <> 'gone'"));
    }

    [Fact]
    public async Task Without_a_cluster_there_is_nothing_to_change() =>
        await Assert.ThrowsAsync<ClusterJoinException>(() => ChangeAsync(128));

    private async Task<int> ChangeAsync(int shards)
    {
        await using NpgsqlDataSource source = ClusterDataSource.Create(Database.ConnectionString, OwnershipCluster.Options);
        return await new ShardCountChange(source, OwnershipCluster.Options, TimeProvider.System).RunAsync(shards, _waitedFor.AddRange, Cancellation);
    }
}
