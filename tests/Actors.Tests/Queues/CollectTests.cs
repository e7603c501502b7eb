using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>A queue decides whether anybody uses it.</summary>
public sealed class CollectTests
{
    private readonly TestConnection _owner = new("owner");
    private readonly TestConnection _notifier = new("notifier");

    [Fact]
    [Spec("S-504", "S-258")]
    public void An_unused_queue_ends_and_its_notifier_is_told()
    {
        var queue = new TestQueue();
        NotifierIds notifier = queue.EnableNotifications(_owner);
        queue.Do(_notifier, new NsubCommand());
        queue.Send();
        Use(queue);
        Collect(queue, Today(queue) + 1);
        Assert.Null(queue.State);
        Assert.Null(queue.Store.Record);
        Assert.Equal([Event(notifier.NotifierId, DeldResponse.Instance)], _notifier.Take());
        Assert.Equal([Auth], queue.Do(_owner, new SubCommand()));
    }

    [Fact]
    [Spec("S-504", "S-247")]
    public void A_queue_that_was_used_since_stays_as_it_is()
    {
        var queue = new TestQueue();
        Use(queue);
        Collect(queue, Today(queue));
        Assert.NotNull(queue.State);
        Assert.Empty(queue.LastChanges);
    }

    [Fact]
    [Spec("S-504")]
    public void A_queue_with_a_subscriber_is_used_now()
    {
        var queue = new TestQueue(creator: _owner);
        Use(queue);
        int day = Today(queue);
        queue.Now += TimeSpan.FromDays(100);
        Collect(queue, day + 1);
        Assert.Equal(day + 100, queue.Record.UpdatedDay);
        Assert.Single(queue.LastChanges);
        Assert.Empty(queue.LastEffects);
        queue.Tell(new QueueCommand.Disconnected(_owner));
        Collect(queue, day + 100);
        Assert.NotNull(queue.State);
        Collect(queue, day + 101);
        Assert.Null(queue.State);
    }

    [Fact]
    [Spec("S-504")]
    public void A_queue_that_is_off_has_a_day_of_its_own()
    {
        var active = new TestQueue();
        var off = new TestQueue();
        Use(active);
        Use(off);
        off.Do(_owner, new OffCommand());
        foreach (TestQueue queue in new[] { active, off })
        {
            queue.Tell(new QueueCommand.Collect(new UnusedSince(0, Today(queue) + 1), Today(queue)));
        }

        Assert.NotNull(active.State);
        Assert.Null(off.State);
    }

    [Fact]
    [Spec("S-504")]
    public void A_blocked_queue_is_not_off()
    {
        var queue = new TestQueue();
        Use(queue);
        queue.Tell(new QueueCommand.Block(new BlockingInfo(BlockingReason.Spam), new TestStatus()));
        queue.Tell(new QueueCommand.Collect(new UnusedSince(0, Today(queue) + 1), Today(queue)));
        Assert.NotNull(queue.State);
        Collect(queue, Today(queue) + 1);
        Assert.Null(queue.State);
    }

    [Fact]
    [Spec("S-504")]
    public void A_queue_of_unknown_use_stays()
    {
        var queue = new TestQueue();
        QueueState state = queue.State! with { Record = queue.Record with { UpdatedDay = 0 } };
        var command = new QueueCommand.Collect(new UnusedSince(int.MaxValue, int.MaxValue), Today(queue));
        Assert.Same(state, new QueueKind(new QueueOptions()).Decide(queue.Id, state, command, queue.Now).State);
    }

    private static int Today(TestQueue queue) => QueueRecord.DayOf(queue.Now);

    /// <summary>Notes the day in the record, as any command of the recipient does.</summary>
    private void Use(TestQueue queue)
    {
        queue.Do(_owner, new QueCommand());
        Assert.Equal(Today(queue), queue.Record.UpdatedDay);
        _owner.Take();
    }

    private static void Collect(TestQueue queue, int unusedBefore) =>
        queue.Tell(new QueueCommand.Collect(new UnusedSince(unusedBefore, 0), Today(queue)));
}
