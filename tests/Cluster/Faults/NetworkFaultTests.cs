using SimplexActors.Cluster.Load;
using SimplexActors.Cluster.Network;
using SimplexActors.Cluster.Nodes;
using Xunit;

namespace SimplexActors.Cluster.Faults;

/// <summary>The network loses packets between nodes, or between a node and the database, while all clients reach all nodes.</summary>
[Collection(nameof(ClusterFixture))]
public sealed class NetworkFaultTests(ClusterFixture fixture, ITestOutputHelper output)
{
    private const int Flaps = 8, LongestFlapMs = 2500;

    [Fact]
    public Task A_node_without_the_database() => RunAsync("node without database", cluster =>
        IsolateAsync(cluster, victim => cluster.Network.CutAsync(victim, IClusterNetwork.Database)));

    [Fact]
    public Task A_node_without_the_database_and_the_other_nodes() => RunAsync("node alone", cluster =>
        IsolateAsync(cluster, async victim =>
        {
            foreach (string other in cluster.Nodes.Select(node => node.Name).Where(name => name != victim).Append(IClusterNetwork.Database))
            {
                await cluster.Network.CutAsync(victim, other);
            }
        }));

    [Fact]
    public Task A_node_whose_commits_happen_and_are_not_answered() => RunAsync("commits not answered", cluster =>
        IsolateAsync(cluster, victim => cluster.Network.CutOneWayAsync(IClusterNetwork.Database, victim)), needsRealNetwork: true);

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public Task Two_nodes_cannot_reach_each_other(int seconds) => RunAsync($"links cut for {seconds} s", cluster =>
        CutLinksAsync(cluster, seconds, cluster.Network.CutAsync));

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public Task One_node_hears_another_but_is_not_heard(int seconds) => RunAsync($"links cut one way for {seconds} s", cluster =>
        CutLinksAsync(cluster, seconds, cluster.Network.CutOneWayAsync), needsRealNetwork: true);

    [Fact]
    public Task The_network_comes_and_goes() => RunAsync("network comes and goes", async cluster =>
    {
        string[] ends = [.. cluster.Nodes.Select(node => node.Name), IClusterNetwork.Database];
        Random random = Random.Shared;
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster);
        for (int i = 0; i < Flaps; i++)
        {
            // Shorter and longer than what nodes bear, so that one joins again while others have not noticed that it was gone.
            string node = ends[random.Next(cluster.Nodes.Count)], other = random.GetItems([.. ends.Where(end => end != node)], 1)[0];
            cluster.Note($"{node} and {other} are cut off from each other");
            await cluster.Network.CutAsync(node, other);
            await Task.Delay(random.Next(LongestFlapMs));
            await MendAsync(cluster);
            await Task.Delay(random.Next(LongestFlapMs));
        }

        Task<TimeSpan> served = load.ServedAsync();
        await cluster.Facts.SpreadAsync();
        return new FaultResult(await served, await load.EndAsync());
    });

    private static async Task<FaultResult> IsolateAsync(TestCluster cluster, Func<string, Task> cut)
    {
        TestNode victim = cluster.Nodes[2];
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster);
        long former = Assert.NotNull(await cluster.Facts.NumberOfAsync(victim));
        cluster.Note($"{victim.Name} is cut off");
        await cut(victim.Name);
        Task<TimeSpan> served = load.ServedAsync();
        await ClusterFacts.UntilAsync(async () => await cluster.Facts.ShardsOfAsync(former) == 0);
        cluster.Note("the others took over");

        // What was not acknowledged is sent again and arrives late now, the node's questions and answers too.
        await MendAsync(cluster);
        TimeSpan time = await served;
        await cluster.Facts.JoinedAgainAsync(victim, former);
        await load.ServedAsync();
        return new FaultResult(time, await load.EndAsync());
    }

    private static async Task<FaultResult> CutLinksAsync(TestCluster cluster, int seconds, Func<string, string, Task> cut)
    {
        await using ClusterLoad load = await ClusterLoad.StartAsync(cluster);
        cluster.Note("links are cut");
        await cut(cluster.Nodes[0].Name, cluster.Nodes[1].Name);
        Task<TimeSpan> served = load.ServedAsync();

        // How long the fault lasts: nothing is to happen meanwhile that could be waited for.
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await MendAsync(cluster);
        TimeSpan time = await served;
        return new FaultResult(time, await load.EndAsync());
    }

    private static async Task MendAsync(TestCluster cluster)
    {
        await cluster.Network.MendAsync();
        cluster.Note("the network is mended");
    }

    private Task RunAsync(string fault, Func<TestCluster, Task<FaultResult>> test, bool needsRealNetwork = false) => fixture.RunAsync(output, fault, cluster =>
    {
        if (needsRealNetwork && cluster.Network.WhyNotReal is { } reason)
        {
            Assert.Skip(reason);
        }

        return test(cluster);
    });
}
