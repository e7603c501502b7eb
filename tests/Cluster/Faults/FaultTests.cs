using SimplexActors.Cluster.Load;
using SimplexActors.Cluster.Nodes;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster.Faults;

/// <summary>
/// Something happens to nodes or to the database while clients exchange messages. Nothing that a client saw
/// confirmed is lost, comes again or in another order, and every queue is served again.
/// </summary>
[Collection(nameof(ClusterFixture))]
public sealed class FaultTests(ClusterFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public Task The_owner_of_the_queues_is_killed() => RunAsync("owner killed", async cluster =>
    {
        TestNode victim = cluster.Nodes[2];
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster, () => [.. cluster.Nodes.Where(node => node != victim)], owner => owner == victim);
        return await KillAsync(cluster, victim, load);
    });

    [Fact]
    public Task The_node_that_holds_connections_is_killed() => RunAsync("edge killed", async cluster =>
    {
        TestNode victim = cluster.Nodes[1];
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster, owner: owner => owner != victim);
        return await KillAsync(cluster, victim, load);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public Task An_owner_is_frozen_until_others_took_over_and_goes_on(int seconds) => RunAsync(seconds == 0 ? "owner frozen" : $"owner frozen for {seconds} s", async cluster =>
    {
        TestNode victim = cluster.Nodes[0];
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster, owner: owner => owner == victim);
        long former = Assert.NotNull(await cluster.Facts.NumberOfAsync(victim));
        victim.Signal(RouterProgram.Sigstop);

        // How long the fault lasts, at least: long enough for links and connections to be given up.
        Task frozen = Task.Delay(TimeSpan.FromSeconds(seconds));
        Task<TimeSpan> served = load.ServedAsync();
        await ClusterFacts.UntilAsync(async () => await cluster.Facts.ShardsOfAsync(former) == 0);
        cluster.Note("the others took over");
        await frozen;
        victim.Signal(RouterProgram.Sigcont);
        TimeSpan time = await served;
        await cluster.Facts.JoinedAgainAsync(victim, former);
        await load.ServedAsync();
        return new FaultResult(time, await load.EndAsync());
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_database_ends_and_starts_again(bool killed) => RunAsync(killed ? "database killed" : "database restarted", async cluster =>
    {
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster);
        cluster.Note("the database ends");
        Task<TimeSpan> served = load.ServedAsync();
        await (killed ? cluster.Postgres.KillAsync() : cluster.Postgres.StopAsync());
        await cluster.Postgres.StartAsync();
        cluster.Note("the database is there again");
        TimeSpan time = await served;
        await cluster.Facts.SpreadAsync();
        return new FaultResult(time, await load.EndAsync());
    });

    [Fact]
    public Task All_nodes_are_restarted_one_after_another() => RunAsync("rolling restart", async cluster =>
    {
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster);
        TimeSpan longest = TimeSpan.Zero;
        foreach (TestNode node in cluster.Nodes)
        {
            Task<TimeSpan> served = load.ServedAsync();
            Assert.Equal(0, await node.StopAsync());
            longest = Max(longest, await served);
            await node.StartAsync();
            served = load.ServedAsync();
            await cluster.Facts.SpreadAsync();
            longest = Max(longest, await served);
        }

        return new FaultResult(longest, await load.EndAsync());
    });

    [Fact]
    public Task A_node_is_added_and_leaves_again() => RunAsync("node added and drained", async cluster =>
    {
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster);
        TestNode added = await cluster.AddNodeAsync();
        await added.StartAsync();
        Task<TimeSpan> served = load.ServedAsync();
        await cluster.Facts.SpreadAsync();
        TimeSpan joined = await served;
        served = load.ServedAsync();
        Assert.Equal(0, await added.StopAsync());
        await cluster.Facts.SpreadAsync();
        TimeSpan left = await served;
        await cluster.RemoveAsync(added);
        return new FaultResult(Max(joined, left), await load.EndAsync());
    });

    [Fact]
    public Task Of_two_nodes_with_one_name_the_second_is_refused() => RunAsync("second node of one name", async cluster =>
    {
        TestNode first = cluster.Nodes[1];
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster);
        long number = Assert.NotNull(await cluster.Facts.NumberOfAsync(first));
        Task<TimeSpan> served = load.ServedAsync();
        (int code, string log) = await first.RunTwinAsync();
        Assert.NotEqual(0, code);
        Assert.Contains($"Another node with the name '{first.Name}' runs in this cluster", log, StringComparison.Ordinal);
        Assert.Equal(number, await cluster.Facts.NumberOfAsync(first));
        await load.ServedAsync();
        return new FaultResult(await served, await load.EndAsync());
    });

    private static async Task<FaultResult> KillAsync(TestCluster cluster, TestNode victim, ClusterLoad load)
    {
        Task<TimeSpan> served = load.ServedAsync();
        await victim.KillAsync();
        TimeSpan time = await served;
        await victim.StartAsync();
        await cluster.Facts.SpreadAsync();
        await load.ServedAsync();
        return new FaultResult(time, await load.EndAsync());
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private Task RunAsync(string fault, Func<TestCluster, Task<FaultResult>> test) => fixture.RunAsync(output, fault, test);
}
