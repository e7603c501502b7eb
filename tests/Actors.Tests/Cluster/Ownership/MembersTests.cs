using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>Nodes that come, go and die: every shard has its owner again, and never two.</summary>
public sealed class MembersTests(PostgresServer server) : OwnershipTestBase(server)
{
    [Fact]
    public async Task Three_nodes_share_the_shards_and_each_new_one_moves_only_its_share()
    {
        OwnershipNode first = await Cluster.JoinAsync("a");
        Assert.Equal(OwnershipCluster.Shards, first.Host.Open);
        OwnershipNode second = await Cluster.JoinAsync("b");
        await Cluster.SettledAsync();
        int closed = Closed();
        Assert.Equal(second.Host.Open, closed);

        OwnershipNode third = await Cluster.JoinAsync("c");
        await Cluster.SettledAsync();
        Assert.Equal(third.Host.Open, Closed() - closed);
        Assert.Equal(OwnershipCluster.Shards, first.Host.Open + second.Host.Open + third.Host.Open);
        Assert.All(Cluster.Nodes, node => Assert.InRange(node.Host.Open, OwnershipCluster.Shards / 6, OwnershipCluster.Shards / 2));

        ClusterStatus seen = await ClusterStatusReader.ReadAsync(first.Source, CancellationToken.None);
        Assert.Equal((3, 0), (seen.Nodes.Length, seen.UnownedShards));
        Assert.Equal(third.Host.Open, seen.Nodes.Single(node => node.Node.Name == "c").Shards);
        Assert.Equal(("127.0.0.1", 5230), first.Ownership.AddressOf(third.Ownership.Self));
    }

    [Fact]
    public async Task A_node_that_leaves_hands_everything_over_in_good_order()
    {
        OwnershipNode stays = await Cluster.JoinAsync("a");
        OwnershipNode leaves = await Cluster.JoinAsync("b");
        await Cluster.SettledAsync();
        await Cluster.LeaveAsync(leaves);
        await Cluster.SettledAsync();
        Assert.Equal(OwnershipCluster.Shards, stays.Host.Open);
        Assert.DoesNotContain("drop", leaves.Host.Calls);
        Assert.Equal("gone", await Database.ScalarAsync<string>("SELECT state FROM nodes WHERE name = 'b'"));

        await Cluster.LeaveAsync(stays);
        Assert.Equal((long)OwnershipCluster.Shards, await Database.ScalarAsync<long>("SELECT count(*) FROM shards WHERE owner IS NULL"));
    }

    [Fact]
    public async Task A_node_that_is_alone_leaves_without_waiting_for_its_heartbeats()
    {
        var rare = new OwnershipOptions { Heartbeat = TimeSpan.FromMinutes(10), ServeFor = TimeSpan.FromMinutes(30), ClaimAfter = TimeSpan.FromMinutes(40) };
        OwnershipNode alone = Cluster.Make(OwnershipCluster.Identity("a"), options: rare);
        await alone.Ownership.JoinAsync(TestContext.Current.CancellationToken);
        await alone.Ownership.LeaveAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("drop", alone.Host.Calls);
        Assert.Equal((long)OwnershipCluster.Shards, await Database.ScalarAsync<long>("SELECT count(*) FROM shards WHERE owner IS NULL"));
    }

    [Fact]
    public async Task A_node_that_handed_over_still_knows_who_owns_what_until_it_leaves()
    {
        OwnershipNode stays = await Cluster.JoinAsync("a");
        OwnershipNode leaves = await Cluster.JoinAsync("b");
        OwnershipNode also = await Cluster.JoinAsync("c");
        await Cluster.SettledAsync();
        Assert.True(leaves.Ownership.HasOthers);
        await leaves.Ownership.HandOverAsync(CancellationToken.None);
        Assert.Equal((0, "leaving"), (leaves.Host.Open, await Database.ScalarAsync<string>("SELECT state FROM nodes WHERE name = 'b'")));
        Assert.DoesNotContain("drop", leaves.Host.Calls);

        await Cluster.CrashAsync(also);
        await Cluster.UntilAsync(() => Enumerable.Range(0, OwnershipCluster.Shards).All(shard => leaves.Ownership.OwnerOf(shard).Node == stays.Ownership.Self));
        Assert.True(leaves.Ownership.HasOthers);
        await Cluster.UntilAsync(() => !stays.Ownership.HasOthers);
        await Cluster.LeaveAsync(leaves);
        await Cluster.SettledAsync();
        Assert.Equal("gone", await Database.ScalarAsync<string>("SELECT state FROM nodes WHERE name = 'b'"));
    }

    [Fact]
    public async Task Who_waits_for_the_hand_over_may_give_up_and_leave_later()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        OwnershipNode leaves = await Cluster.JoinAsync("a", closing: _ => release.Task);
        await leaves.Ownership.HandOverAsync(new CancellationToken(canceled: true));
        await Cluster.UntilAsync(() => leaves.Ownership.Status.HandOffs > 0);
        release.SetResult();
        await Cluster.LeaveAsync(leaves);
        Assert.Equal((long)OwnershipCluster.Shards, await Database.ScalarAsync<long>("SELECT count(*) FROM shards WHERE owner IS NULL"));
    }

    [Fact]
    public async Task Nodes_that_have_been_gone_for_long_are_forgotten()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO nodes (name, link_host, link_port, release, state, heartbeat_at)
            SELECT name, 'h', 1, '1', state, clock_timestamp() - days * interval '1 day'
            FROM (VALUES ('old', 'gone', 8), ('recent', 'gone', 6), ('owner', 'gone', 8)) AS rows (name, state, days);
            INSERT INTO shards (shard_no, owner) SELECT 7, node_no FROM nodes WHERE name = 'owner';
            """);
        await Cluster.JoinAsync("a");
        Assert.Equal("a recent", await Database.ScalarAsync<string>("SELECT string_agg(name, ' ' ORDER BY name) FROM nodes"));
    }

    [Fact]
    public async Task No_more_shards_move_at_a_time_than_allowed()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int closing = 0;
        OwnershipNode first = await Cluster.JoinAsync("a", closing: _ =>
        {
            Interlocked.Increment(ref closing);
            return release.Task;
        });
        await Cluster.JoinAsync("b");
        await Cluster.UntilAsync(() => first.Ownership.Status.HandOffs == OwnershipCluster.Options.ConcurrentHandOffs && closing == OwnershipCluster.Options.ConcurrentHandOffs);
        long beats = await HeartbeatsAsync();
        await Cluster.UntilAsync(() => HeartbeatsSeen(first) > beats + 10);
        Assert.Equal(OwnershipCluster.Options.ConcurrentHandOffs, closing);
        release.SetResult();
        await Cluster.SettledAsync();
    }

    [Fact]
    public async Task The_shards_of_a_crashed_node_are_claimed_and_come_back_when_it_starts_again()
    {
        OwnershipNode stays = await Cluster.JoinAsync("a");
        OwnershipNode crashes = await Cluster.JoinAsync("b");
        await Cluster.SettledAsync();
        List<int> had = [.. Enumerable.Range(0, OwnershipCluster.Shards).Where(crashes.Host.IsOpen)];
        await Cluster.CrashAsync(crashes);
        await Cluster.SettledAsync();
        Assert.Equal(OwnershipCluster.Shards, stays.Host.Open);
        OwnershipNode again = await Cluster.JoinAsync("b");
        await Cluster.SettledAsync();
        Assert.Equal(had, Enumerable.Range(0, OwnershipCluster.Shards).Where(again.Host.IsOpen));
        Assert.NotEqual(crashes.Ownership.Self, again.Ownership.Self);
    }

    [Fact]
    public async Task A_node_that_starts_again_at_once_waits_for_the_end_of_its_former_self()
    {
        OwnershipNode crashes = await Cluster.JoinAsync("a");
        await Cluster.CrashAsync(crashes);
        OwnershipNode again = await Cluster.JoinAsync("a");
        Assert.Equal(OwnershipCluster.Shards, again.Host.Open);
        Assert.Equal("gone", await Database.ScalarAsync<string>($"SELECT state FROM nodes WHERE node_no = {crashes.Ownership.Self}"));
    }

    [Fact]
    public async Task Two_nodes_with_one_name_do_not_take_each_others_shards()
    {
        OwnershipNode first = await Cluster.JoinAsync("a");
        OwnershipNode second = Cluster.Make(OwnershipCluster.Identity("a"));
        var refused = await Assert.ThrowsAsync<ClusterJoinException>(() => second.Ownership.JoinAsync(CancellationToken.None));
        Assert.Contains("'a'", refused.Message);
        Assert.Equal(OwnershipCluster.Shards, first.Host.Open);
        Assert.DoesNotContain("drop", first.Host.Calls);
    }

    [Fact]
    public async Task A_node_with_another_number_of_shards_or_another_identity_is_refused()
    {
        await Cluster.JoinAsync("a");
        var shards = await Assert.ThrowsAsync<ClusterJoinException>(() => Cluster.Make(OwnershipCluster.Identity("b", shards: 32)).Ownership.JoinAsync(CancellationToken.None));
        Assert.Contains("64 shards", shards.Message);
        var identity = await Assert.ThrowsAsync<ClusterJoinException>(() => Cluster.Make(OwnershipCluster.Identity("b", key: 9)).Ownership.JoinAsync(CancellationToken.None));
        Assert.Contains("identity", identity.Message);
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM nodes"));
    }

    private int Closed() => Cluster.Nodes.Sum(node => node.Host.Calls.Count(call => call == "close"));

    private static long HeartbeatsSeen(OwnershipNode node) => node.Ownership.Status.Cluster.Nodes.Sum(member => member.Node.Heartbeats);

    private Task<long> HeartbeatsAsync() => Database.ScalarAsync<long>("SELECT sum(heartbeats)::bigint FROM nodes");
}
