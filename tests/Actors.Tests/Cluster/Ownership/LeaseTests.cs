using Npgsql;
using SimplexActors.Actors.Cluster;
using SimplexActors.Nodes.LocalCluster;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>What a node does that cannot say any more that it lives, or that was taken for dead.</summary>
public sealed class LeaseTests(PostgresServer server) : OwnershipTestBase(server)
{
    [Fact]
    public async Task While_the_database_is_away_nothing_is_served_and_afterwards_everything_goes_on()
    {
        await using PrivatePostgres own = await PostgresServer.StartOwnAsync();
        await using OwnershipCluster cluster = await OwnershipCluster.CreateAsync(own.ConnectionString());
        await cluster.JoinAsync("a");
        await cluster.JoinAsync("b");
        await cluster.SettledAsync();
        NodeNumber[] numbers = [.. cluster.Nodes.Select(node => node.Ownership.Self)];

        await own.KillAsync();
        await cluster.UntilAsync(() => cluster.Nodes.Sum(node => node.Host.Suspended) == OwnershipCluster.Shards);
        Assert.All(cluster.Nodes, node => Assert.False(node.Ownership.IsValid));
        await own.StartAsync(TestContext.Current.CancellationToken);
        await cluster.SettledAsync();

        // Nobody was declared dead, although everybody was silent for longer than a node may be.
        Assert.Equal(numbers, cluster.Nodes.Select(node => node.Ownership.Self));
        Assert.All(cluster.Nodes, node => Assert.DoesNotContain("drop", node.Host.Calls));
        Assert.Equal(OwnershipCluster.Shards, cluster.Nodes.Sum(node => node.Host.Calls.Count(call => call == "resume")));
        cluster.AssertNothingWrong();
    }

    [Fact]
    public async Task A_node_that_was_declared_dead_drops_everything_and_joins_again()
    {
        OwnershipNode node = await Cluster.JoinAsync("a");
        NodeNumber before = node.Ownership.Self;
        int open = node.Host.Open;
        await Database.ExecuteAsync($"UPDATE nodes SET state = 'gone' WHERE node_no = {before}");
        await Cluster.UntilAsync(() => node.Ownership.Self != before);
        await Cluster.SettledAsync();
        Assert.Equal(open, node.Host.Calls.Count(call => call == "drop"));
        Assert.Equal(open, node.Host.Open);
    }

    [Fact]
    public async Task A_node_that_is_cut_off_stops_before_others_serve_its_shards_and_joins_again_later()
    {
        var database = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        await using var relay = new CutRelay(database.Port);
        OwnershipNode stays = await Cluster.JoinAsync("a");
        OwnershipNode cut = await Cluster.JoinAsync("b", connectionString: new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Port = relay.Port }.ConnectionString);
        await Cluster.SettledAsync();
        NodeNumber before = cut.Ownership.Self;

        relay.Cut();
        await Cluster.UntilAsync(() => cut.Host.Suspended > 0 && cut.Host.Open == 0);
        await Cluster.UntilAsync(() => stays.Host.Open == OwnershipCluster.Shards);
        Assert.False(cut.Ownership.IsValid);
        relay.Heal();
        await Cluster.UntilAsync(() => cut.Ownership.Self != before);
        await Cluster.SettledAsync();
    }

    [Fact]
    public async Task A_shard_whose_write_was_refused_is_dropped_and_claimed_anew()
    {
        OwnershipNode node = await Cluster.JoinAsync("a");
        long range = node.Ownership.OwnerOf(7).RangeId;
        await Database.ExecuteAsync("UPDATE shards SET range_id = range_id + 1, owner = NULL WHERE shard_no = 7");
        node.Ownership.Lost(7);

        // Its next heartbeat may have shown it already, and the shard was claimed before the refusal and once more after it.
        await Cluster.UntilAsync(() => node.Ownership.OwnerOf(7) is { Node.IsNone: false } owner && owner.RangeId > range + 1
            && node.Ownership.Status.OpenShards == OwnershipCluster.Shards && node.Host.IsOpen(7));
        Assert.Equal(["drop", "open"], node.Host.Calls.TakeLast(2));
    }

    [Fact]
    public async Task A_claim_leaves_a_shard_alone_that_somebody_still_writes_to()
    {
        OwnershipNode crashed = await Cluster.JoinAsync("a");
        await Cluster.CrashAsync(crashed);
        await using NpgsqlConnection writer = await Database.ConnectAsync();
        await using NpgsqlTransaction late = await writer.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var fence = new NpgsqlCommand("SELECT 1 FROM shards WHERE shard_no = 5 FOR SHARE", writer, late))
        {
            await fence.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        OwnershipNode next = await Cluster.JoinAsync("b");
        await Cluster.UntilAsync(() => next.Host.Open == OwnershipCluster.Shards - 1);
        Assert.False(next.Host.IsOpen(5));
        await late.CommitAsync(TestContext.Current.CancellationToken);
        await Cluster.UntilAsync(() => next.Host.IsOpen(5));
    }
}
