using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Tests.Engine;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Routing;

/// <summary>Owners that are missing, out of reach, or back.</summary>
public sealed class ReachTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScriptedStore _store = new();
    private readonly MemoryNetwork _network = new();
    private readonly EntityId _id = EntityId.Random();

    private int Shard => Sharding.ShardOf(_id, RoutedNode.Shards);

    [Fact]
    public async Task A_command_without_an_owner_is_refused_when_its_time_is_over()
    {
        var time = new ManualTimeProvider();
        await using var node = new RoutedNode(1, _store, _network, TimeSpan.FromMilliseconds(100), time);
        Task<Answer> answered = node.NextAnswerAsync();
        await node.Region.TellAsync(_id, new Order.Look(1), TestContext.Current.CancellationToken);
        Assert.Equal(1, node.Region.Counts.Waiting);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(nameof(Refusal.StoreFailed), (await answered.WaitAsync(Patience, TestContext.Current.CancellationToken)).What);
        Assert.Equal((0, 0), node.Region.Counts);
    }

    [Fact]
    public async Task A_command_waits_for_its_owner()
    {
        _store.Seed(_id, 1);
        await using var asking = new RoutedNode(1, _store, _network);
        await using var owning = new RoutedNode(2, _store, _network);
        Task<Answer> answered = asking.NextAnswerAsync();
        await asking.Region.TellAsync(_id, new Order.Add(1), TestContext.Current.CancellationToken);
        Assert.False(answered.IsCompleted);
        owning.Region.Open(Shard, 1);
        asking.Map.Set(Shard, new ShardOwner(owning.Map.Self, 1));
        Assert.Equal("ok", (await answered.WaitAsync(Patience, TestContext.Current.CancellationToken)).What);
        Assert.Equal([-1, 1], _store.TicketsOf(_id));
    }

    [Fact]
    public async Task What_was_asked_when_the_session_ended_is_refused_or_asked_again()
    {
        _store.Seed(_id, 1);
        await using var asking = new RoutedNode(1, _store, _network);
        await using var owning = new RoutedNode(2, _store, _network);
        owning.Region.Open(Shard, 1);
        asking.Map.Set(Shard, new ShardOwner(owning.Map.Self, 1));
        _store.Reads.Close();
        await asking.Region.TellAsync(_id, new Order.Add(1), TestContext.Current.CancellationToken);
        await asking.Region.TellAsync(_id, new Order.Look(2), TestContext.Current.CancellationToken);
        await _store.Reads.ArrivalAsync();
        Task<Answer> refused = asking.NextAnswerAsync();
        _network.Cut(asking.Map.Self, owning.Map.Self);
        Answer first = await refused.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((1, nameof(Refusal.StoreFailed)), (first.Ticket, first.What));
        Task<Answer> answered = asking.NextAnswerAsync();
        _store.Reads.Open();
        Answer second = await answered.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((2, "ok"), (second.Ticket, second.What));
    }

    [Fact]
    public async Task Connections_renew_what_they_had_with_a_new_owner_and_with_one_that_was_out_of_reach()
    {
        await using var asking = new RoutedNode(1, _store, _network);
        await using var owning = new RoutedNode(2, _store, _network);
        Task<IReadOnlyList<int>> renewed = asking.NextRenewalAsync();
        asking.Map.Set(Shard, new ShardOwner(owning.Map.Self, 1));
        Assert.Equal([Shard], await renewed.WaitAsync(Patience, TestContext.Current.CancellationToken));
        owning.Region.Open(Shard, 1);
        Task<Answer> answered = asking.NextAnswerAsync();
        await asking.Region.TellAsync(_id, new Order.Look(1), TestContext.Current.CancellationToken);
        await answered.WaitAsync(Patience, TestContext.Current.CancellationToken);
        renewed = asking.NextRenewalAsync();
        _network.Cut(asking.Map.Self, owning.Map.Self);
        Assert.Equal([Shard], await renewed.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }
}
