using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>Who is silent, and which times can be right.</summary>
public sealed class HeartbeatWatchTests
{
    private static readonly NodeNumber Other = new(2);

    [Fact]
    public void Silence_counts_from_the_answer_that_showed_the_last_heartbeat_to_the_last_question()
    {
        HeartbeatWatch watch = See(See(See(HeartbeatWatch.Begin, 0, 5), 1, 5), 2, 5);
        Assert.Equal(TimeSpan.FromSeconds(1.9), watch.SilenceOf(Other));
        Assert.Equal(TimeSpan.Zero, See(watch, 3, 6).SilenceOf(Other));
    }

    [Fact]
    public void After_a_pause_of_its_own_a_node_knows_nothing_of_others()
    {
        HeartbeatWatch watch = See(See(HeartbeatWatch.Begin, 0, 5), 1, 5);
        Assert.Equal(TimeSpan.Zero, See(watch, 10, 5).SilenceOf(Other));
        HeartbeatWatch slow = watch.See(View(5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.Zero, slow.SilenceOf(Other));
    }

    [Theory]
    [InlineData(1, 6, 8, true)]
    [InlineData(1, 6, 7, false)]
    [InlineData(3, 6, 8, false)]
    [InlineData(0, 6, 8, false)]
    public void Times_that_would_let_two_nodes_serve_one_shard_are_refused(double heartbeat, double serve, double claim, bool isRight)
    {
        var options = new OwnershipOptions
        {
            Heartbeat = TimeSpan.FromSeconds(heartbeat),
            ServeFor = TimeSpan.FromSeconds(serve),
            ClaimAfter = TimeSpan.FromSeconds(claim),
        };
        Assert.Equal(isRight, options.Problem() is null);
    }

    private static HeartbeatWatch See(HeartbeatWatch watch, double asked, long heartbeats) =>
        watch.See(View(heartbeats), TimeSpan.FromSeconds(asked), TimeSpan.FromSeconds(asked + 0.1), TimeSpan.FromSeconds(3));

    private static ClusterView View(long heartbeats) =>
        new(1, [new ClusterNode(Other, "b", "", 0, "", NodeState.Live, heartbeats, TimeSpan.Zero)], []);
}
