using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Engine;
using SimplexActors.Nodes.Edges.Health;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Health;

/// <summary>What makes a router ready, and what makes it one to replace.</summary>
public sealed class NodeHealthTests
{
    private static readonly OwnershipStatus Serving =
        new(new NodeNumber(7), new ClusterStatus(1, 256, [], []), HasLease: true, TimeSpan.FromSeconds(5), 256, 0, 0, IsLeaving: false);

    private readonly ManualTimeProvider _time = new();
    private int _reads;
    private Func<CancellationToken, ValueTask> _read = _ => ValueTask.CompletedTask;

    [Fact]
    public async Task A_router_that_is_alone_is_ready_when_its_store_answers()
    {
        var health = new SingleHealth(Probe());
        Assert.Null(await UnreadyAsync(health));
        _read = _ => throw new StoreUnavailableException("gone");
        _time.Advance(HealthLimits.StoreLook);
        Assert.Equal(HealthReason.Store, await UnreadyAsync(health));
        Assert.Null(health.Broken);
    }

    [Fact]
    public async Task The_store_is_asked_by_one_and_now_and_then()
    {
        var answer = new TaskCompletionSource();
        _read = _ => new ValueTask(answer.Task);
        var health = new SingleHealth(Probe());
        Task<HealthReason?> first = UnreadyAsync(health);
        _time.Advance(HealthLimits.StoreLook / 2);
        Task<HealthReason?> second = UnreadyAsync(health);
        answer.SetResult();
        Assert.Equal([null, null], await Task.WhenAll(first, second));
        Assert.Null(await UnreadyAsync(health));
        Assert.Equal(1, _reads);
        _time.Advance(HealthLimits.StoreLook / 2);
        Assert.Null(await UnreadyAsync(health));
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_in_time_does_not_answer()
    {
        _read = _ => new ValueTask(new TaskCompletionSource().Task);
        Task<HealthReason?> asked = UnreadyAsync(new SingleHealth(Probe()));
        _time.Advance(HealthLimits.StoreAnswer);
        Assert.Equal(HealthReason.Store, await asked);
    }

    [Fact]
    public async Task A_node_is_ready_when_it_may_serve()
    {
        Assert.Null(await UnreadyAsync(Node(Serving)));
        Assert.Equal(HealthReason.NotJoined, await UnreadyAsync(Node(Serving with { Self = NodeNumber.None, HasLease = false })));
        Assert.Equal(HealthReason.NoLease, await UnreadyAsync(Node(Serving with { HasLease = false })));
        Assert.Equal(HealthReason.Draining, await UnreadyAsync(Node(Serving with { HasLease = false, IsLeaving = true })));
        _read = _ => throw new StoreUnavailableException("gone");
        Assert.Equal(HealthReason.Store, await UnreadyAsync(Node(Serving)));
    }

    [Fact]
    public void A_node_is_to_be_replaced_when_its_ownership_is_stuck_and_not_when_the_database_is_away()
    {
        TimeSpan longest = HealthLimits.LongestRoundOf(new OwnershipOptions());
        Assert.Null(Node(Serving with { SinceRound = longest }).Broken);
        Assert.Null(Node(Serving with { HasLease = false }).Broken);
        Assert.Equal(HealthReason.Stuck, Node(Serving with { SinceRound = longest + TimeSpan.FromTicks(1) }).Broken);
        Assert.Null(Node(Serving with { SinceRound = longest * 2, IsLeaving = true }).Broken);
    }

    private static Task<HealthReason?> UnreadyAsync(INodeHealth health) => health.UnreadyAsync(TestContext.Current.CancellationToken).AsTask();

    private ClusterHealth Node(OwnershipStatus status) => new(() => status, new OwnershipOptions(), Probe());

    private StoreProbe Probe() => new(
        async cancellation =>
        {
            _reads++;
            await _read(cancellation);
        },
        _time);
}
