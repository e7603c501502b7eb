using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Tests.Statistics;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;
using static SimplexActors.Actors.Tests.Statistics.Counting;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>What every command counts, and that it counts nothing else: all counters are compared.</summary>
public sealed class CountTests
{
    private readonly TestConnection _recipient = new("recipient");
    private readonly TestConnection _other = new("other");

    [Fact]
    [Spec("S-249")]
    public void NEW_counts_a_queue_once()
    {
        var queue = new TestQueue();
        Assert.Equal(Once(Counter.QCreated), Between(new RouterStatistics(queue.Now).Snapshot, queue.Statistics.Snapshot));
        Assert.Equal(Nothing, Counted(queue, () => queue.Tell(
            new QueueCommand.Create(queue.Record, null, null, _other.NextReply(), queue.Ids))));
    }

    [Fact]
    [Spec("S-249")]
    public void Securing_counts_with_every_repetition_and_not_when_refused()
    {
        var queue = new TestQueue();
        PublicKey key = TestQueue.NewKey();
        Assert.Equal(Once(Counter.QSecured), Counted(queue, () => queue.Do(_recipient, new KeyCommand(key))));
        Assert.Equal(Once(Counter.QSecured), Counted(queue, () => queue.Do(_recipient, new KeyCommand(key))));
        Assert.Equal(Once(Counter.QSecured), Counted(queue, () => queue.Do(_other, new SkeyCommand(key))));
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_other, new SkeyCommand(TestQueue.NewKey()))));
        var linked = new TestQueue(link: new LinkData(new byte[1], new byte[1]));
        Assert.Equal(Once(Counter.QSecured), Counted(linked, () => linked.Do(_other, new LkeyCommand(key))));
    }

    [Fact]
    [Spec("S-249")]
    public void DEL_counts_by_whether_the_queue_was_secured()
    {
        var queue = new TestQueue();
        Assert.Equal(Once(Counter.QDeletedAll, Counter.QDeletedNew), Counted(queue, () => queue.Do(_recipient, new DelCommand())));
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_recipient, new DelCommand())));
        var secured = new TestQueue();
        secured.Do(_recipient, new KeyCommand(TestQueue.NewKey()));
        Assert.Equal(Once(Counter.QDeletedAll, Counter.QDeletedSecured), Counted(secured, () => secured.Do(_recipient, new DelCommand())));
    }

    [Fact]
    [Spec("S-249", "S-504")]
    public void A_queue_that_is_deleted_because_nobody_used_it_counts_as_any_other()
    {
        var queue = new TestQueue();
        var collect = new QueueCommand.Collect(new UnusedSince(queue.Record.UpdatedDay, 0), queue.Record.UpdatedDay);
        Assert.Equal(Nothing, Counted(queue, () => queue.Tell(collect)));
        Assert.Equal(
            Once(Counter.QDeletedAll, Counter.QDeletedNew),
            Counted(queue, () => queue.Tell(collect with { Since = new UnusedSince(queue.Record.UpdatedDay + 1, 0) })));
    }

    [Fact]
    [Spec("S-407")]
    public void Services_gain_and_lose_queues_by_SUB_and_NSUB()
    {
        var member = new TestConnection("member", EntityId.Random());
        var stranger = new TestConnection("stranger", EntityId.Random());
        var queue = new TestQueue();
        queue.EnableNotifications(_recipient);
        Assert.Equal(Once(Counter.RcvServicesAssocNew, Counter.RcvServicesSubQueues), Counted(queue, () => queue.Do(member, new SubCommand())));
        Assert.Equal(Once(Counter.RcvServicesAssocDuplicate, Counter.QSubDuplicate), Counted(queue, () => queue.Do(member, new SubCommand())));
        Assert.Equal(Once(Counter.RcvServicesAssocUpdated, Counter.RcvServicesSubQueues), Counted(queue, () => queue.Do(stranger, new SubCommand())));
        Assert.Equal(Once(Counter.RcvServicesAssocRemoved), Counted(queue, () => queue.Do(_recipient, new SubCommand())));
        Assert.Equal(Once(Counter.NtfServicesAssocNew, Counter.NtfServicesSubQueues), Counted(queue, () => queue.Do(member, new NsubCommand())));
        Assert.Equal(Once(Counter.NtfServicesAssocDuplicate), Counted(queue, () => queue.Do(member, new NsubCommand())));
        Assert.Equal(Once(Counter.NtfServicesAssocUpdated, Counter.NtfServicesSubQueues), Counted(queue, () => queue.Do(stranger, new NsubCommand())));
        Assert.Equal(Once(Counter.NtfServicesAssocRemoved, Counter.NtfSub), Counted(queue, () => queue.Do(_recipient, new NsubCommand())));
    }

    [Fact]
    [Spec("S-369")]
    public void Only_the_blocking_of_an_active_queue_counts()
    {
        var queue = new TestQueue();
        var block = new QueueCommand.Block(new BlockingInfo(BlockingReason.Spam), new TestStatus());
        Assert.Equal(Once(Counter.QBlocked), Counted(queue, () => queue.Tell(block)));
        Assert.Equal(Nothing, Counted(queue, () => queue.Tell(new QueueCommand.Block(new BlockingInfo(BlockingReason.Content), new TestStatus()))));
        Assert.Equal(Nothing, Counted(queue, () => queue.Tell(new QueueCommand.Unblock(new TestStatus()))));
        queue.Do(_recipient, new OffCommand());
        Assert.Equal(Nothing, Counted(queue, () => queue.Tell(block)));
    }

    [Fact]
    [Spec("S-402", "S-404")]
    public void SUB_counts_when_it_delivers_for_the_first_time_and_repetitions_apart()
    {
        var queue = new TestQueue();
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_recipient, new SubCommand())));
        Assert.Equal(Once(Counter.QSubDuplicate), Counted(queue, () => queue.Do(_recipient, new SubCommand())));
        queue.Send();
        Assert.Equal(Once(Counter.QSubDuplicate), Counted(queue, () => queue.Do(_recipient, new SubCommand())));
        Assert.Equal(Once(Counter.QSub), Counted(queue, () => queue.Do(_other, new SubCommand())));
        Assert.Equal(Once(Counter.QSub), Counted(queue, () => queue.Do(_recipient, new SubCommand())));
    }

    [Fact]
    [Spec("S-404")]
    public void SUB_after_GET_counts_as_prohibited_and_GET_after_SUB_too()
    {
        var queue = new TestQueue();
        Assert.Equal(Once(Counter.MsgGetNoMsg), Counted(queue, () => queue.Do(_recipient, new GetCommand())));
        Assert.Equal(Once(Counter.QSubProhibited), Counted(queue, () => queue.Do(_recipient, new SubCommand())));
        queue.Do(_other, new SubCommand());
        Assert.Equal(Once(Counter.MsgGetProhibited), Counted(queue, () => queue.Do(_other, new GetCommand())));
    }

    [Fact]
    [Spec("S-275", "S-273")]
    public void GET_counts_new_messages_and_repetitions_apart()
    {
        var queue = new TestQueue();
        EntityId first = queue.Send();
        EntityId second = queue.Send(notify: true);
        Assert.Equal(Once(Counter.MsgGet), Counted(queue, () => queue.Do(_recipient, new GetCommand())));
        Assert.Equal(Once(Counter.MsgGetDuplicate), Counted(queue, () => queue.Do(_recipient, new GetCommand())));
        Assert.Equal(Once(Counter.MsgGet), Counted(queue, () => queue.Do(_other, new GetCommand())));
        Assert.Equal(Once(Counter.MsgRecv, Counter.MsgRecvGet), Counted(queue, () => queue.Do(_recipient, new AckCommand(first))));

        // The other one's message is gone: its late acknowledgement removes nothing, and what it gets next is new to it.
        Assert.Equal(Once(Counter.MsgGet), Counted(queue, () => queue.Do(_other, new GetCommand())));
        Assert.Equal(
            Once(Counter.MsgRecv, Counter.MsgRecvGet, Counter.MsgRecvNtf), Counted(queue, () => queue.Do(_other, new AckCommand(second))));
        Assert.Equal(Once(Counter.MsgGetNoMsg), Counted(queue, () => queue.Do(_other, new GetCommand())));
    }

    [Fact]
    [Spec("S-275", "S-283", "S-269")]
    public void SEND_and_ACK_count_messages_and_their_flag()
    {
        var queue = new TestQueue(creator: _recipient);
        EntityId plain = default, flagged = default;
        Assert.Equal(Once(Counter.MsgSent), Counted(queue, () => plain = queue.Send()));
        Assert.Equal(Once(Counter.MsgSent, Counter.MsgSentNtf), Counted(queue, () => flagged = queue.Send(notify: true)));
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_recipient, new AckCommand(flagged))));
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_other, new AckCommand(plain))));
        Assert.Equal(Once(Counter.MsgRecv), Counted(queue, () => queue.Do(_recipient, new AckCommand(plain))));
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_recipient, new AckCommand(plain))));
        Assert.Equal(Once(Counter.MsgRecv, Counter.MsgRecvNtf), Counted(queue, () => queue.Do(_recipient, new AckCommand(flagged))));
    }

    [Fact]
    [Spec("S-275", "S-272")]
    public void An_acknowledgement_that_removes_nothing_does_not_count()
    {
        var queue = new TestQueue(creator: _recipient);
        queue.Send();
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_recipient, new AckCommand(EntityId.Empty))));
        Assert.Equal(0, queue.Statistics.Snapshot.AcknowledgedSeconds);
    }

    [Fact]
    [Spec("S-276", "S-277", "S-187")]
    public void Refused_messages_count_by_the_reason()
    {
        var queue = new TestQueue();
        Assert.Equal(Once(Counter.MsgSentLarge), Counted(queue, () => queue.Do(_other, new SendCommand(true, new byte[16_049]))));
        queue.Tell(new QueueCommand.Block(new BlockingInfo(BlockingReason.Spam), new TestStatus()));
        Assert.Equal(Once(Counter.MsgSentBlock), Counted(queue, () => queue.Do(_other, new SendCommand(true, default))));
        queue.Do(_recipient, new OffCommand());
        Assert.Equal(Once(Counter.MsgSentAuth), Counted(queue, () => queue.Do(_other, new SendCommand(true, default))));
        Assert.Equal(0, queue.Statistics.ActiveQueues.Counts.Day.Count);
    }

    [Fact]
    [Spec("S-280", "S-282")]
    public void The_quota_marker_counts_as_refused_and_never_as_received()
    {
        var queue = new TestQueue(options: new QueueOptions { QuotaMessages = 1 }, creator: _recipient);
        EntityId sent = queue.Send();
        EntityId marker = default;
        Assert.Equal(Once(Counter.MsgSentQuota), Counted(queue, () => marker = queue.Send(notify: true, answer: QuotaError)));
        Assert.Equal(Once(Counter.MsgSentQuota), Counted(queue, () => queue.Send(answer: QuotaError)));
        queue.Do(_recipient, new AckCommand(sent));
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_recipient, new AckCommand(marker))));
        Assert.Equal(1, queue.Statistics.Snapshot.Acknowledged.ToArray().Sum());
    }

    [Fact]
    [Spec("S-187")]
    public void AUTH_counts_for_the_commands_that_operators_watch()
    {
        var queue = new TestQueue();
        EntityId notifier = queue.EnableNotifications(_recipient).NotifierId;
        queue.Do(_recipient, new DelCommand());
        Assert.Equal(Once(Counter.MsgSentAuth), Counted(queue, () => queue.Do(_other, new SendCommand(true, default))));
        Assert.Equal(Once(Counter.QSubAuth), Counted(queue, () => queue.Do(_other, new SubCommand())));
        Assert.Equal(Once(Counter.NtfSubAuth), Counted(queue, () => queue.Do(_other, new NsubCommand(), entityId: notifier)));
        Assert.Equal(Once(Counter.MsgGetAuth), Counted(queue, () => queue.Do(_other, new GetCommand())));
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_other, new QueCommand())));
    }

    [Fact]
    [Spec("S-408", "S-284")]
    public void Expired_messages_count_one_by_one()
    {
        var queue = new TestQueue(options: new QueueOptions { ExpireOnSendAfter = TimeSpan.FromHours(1) });
        queue.Send();
        queue.Send();
        queue.Now += TimeSpan.FromHours(2);
        IReadOnlyDictionary<Counter, long> onSend = Counted(queue, () => queue.Send());
        Assert.Equal((2, 2, 1), (onSend.Count, onSend[Counter.MsgExpired], onSend[Counter.MsgSent]));
        Assert.Equal(Nothing, Counted(queue, () => queue.Tell(new QueueCommand.Expire(queue.Now.ToUnixTimeSeconds()))));
        Assert.Equal(Once(Counter.MsgExpired), Counted(queue, () => queue.Tell(new QueueCommand.Expire(queue.Now.ToUnixTimeSeconds() + 1))));
    }

    [Fact]
    [Spec("S-249", "S-406")]
    public void Notifier_credentials_and_subscriptions_count()
    {
        var queue = new TestQueue();
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_recipient, new NdelCommand())));
        Assert.Equal(Once(Counter.NtfCreated), Counted(queue, () => queue.EnableNotifications(_recipient)));
        Assert.Equal(Once(Counter.NtfSub), Counted(queue, () => queue.Do(_recipient, new NsubCommand())));
        Assert.Equal(Once(Counter.NtfSubDuplicate), Counted(queue, () => queue.Do(_recipient, new NsubCommand())));
        Assert.Equal(Once(Counter.NtfSub), Counted(queue, () => queue.Do(_other, new NsubCommand())));
        Assert.Equal(Once(Counter.NtfDeleted), Counted(queue, () => queue.Do(_recipient, new NdelCommand())));
    }

    [Fact]
    [Spec("S-296")]
    public void A_notification_that_has_to_wait_counts()
    {
        var queue = new TestQueue();
        queue.EnableNotifications(_recipient);
        Assert.Equal(
            Once(Counter.MsgSent, Counter.MsgSentNtf, Counter.MsgNtfNoSub), Counted(queue, () => queue.Send(notify: true)));
        queue.Do(_other, new NsubCommand());
        Assert.Equal(Once(Counter.MsgSent, Counter.MsgSentNtf), Counted(queue, () => queue.Send(notify: true)));
        Assert.Equal(Once(Counter.MsgSent), Counted(queue, () => queue.Send()));
    }

    [Theory]
    [InlineData(CommitOutcome.Failed)]
    [InlineData(CommitOutcome.Unknown)]
    [Spec("S-283")]
    public void What_was_not_confirmed_does_not_count(CommitOutcome outcome)
    {
        var queue = new TestQueue();
        queue.NextCommit = outcome;
        Assert.Equal(Nothing, Counted(queue, () => queue.Do(_other, new SendCommand(true, default), new FreshValues(EntityId.Random(), EntityId.Random()))));
        Assert.Equal(0, queue.Statistics.ActiveQueues.Counts.Day.Count);
    }

    [Fact]
    [Spec("S-275")]
    public void The_time_from_delivery_to_acknowledgement_counts_for_subscribers_and_getters()
    {
        var queue = new TestQueue(creator: _recipient);
        EntityId pushed = queue.Send();
        EntityId next = queue.Send();
        queue.Now += TimeSpan.FromSeconds(7);
        queue.Do(_recipient, new AckCommand(pushed));
        queue.Now += TimeSpan.FromSeconds(100);
        queue.Do(_other, new GetCommand());
        queue.Now += TimeSpan.FromSeconds(2);
        queue.Do(_other, new AckCommand(next));
        StatisticsSnapshot counted = queue.Statistics.Snapshot;
        Assert.Equal(9, counted.AcknowledgedSeconds);
        Assert.Equal([2L, 10L], AcknowledgedIn(counted));
    }

    [Fact]
    [Spec("S-275", "S-283")]
    public void A_queue_is_active_when_it_sent_or_delivered()
    {
        var queue = new TestQueue(creator: _recipient);
        EntityId sent = queue.Send();
        queue.Send(notify: true);
        queue.Do(_recipient, new AckCommand(sent));
        ActiveQueueCounts counts = queue.Statistics.ActiveQueues.Counts;
        Assert.Equal((1, 1, 1), (counts.Day.Count, counts.Week.Count, counts.Month.Count));
        Assert.Equal((1, 1, 1), (counts.NtfDay.Count, counts.NtfWeek.Count, counts.NtfMonth.Count));
    }

    internal static IReadOnlyDictionary<Counter, long> Counted(TestQueue queue, Action work) =>
        queue.Statistics.During(work);

    private static long[] AcknowledgedIn(StatisticsSnapshot counted) =>
        [.. Enumerable.Range(0, AckTimes.Count).Where(bucket => counted.Acknowledged[bucket] > 0).Select(AckTimes.EndOf)];
}
