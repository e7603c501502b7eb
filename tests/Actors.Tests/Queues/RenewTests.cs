using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>What connections had with a queue's last owner, and what becomes of it with the next.</summary>
public sealed class RenewTests
{
    private static readonly EntityId Service = EntityId.Random();

    private readonly TestConnection _first = new("first");
    private readonly TestConnection _second = new("second");

    [Fact]
    public void A_subscription_gets_the_owners_epoch_or_the_next_one()
    {
        var queue = new TestQueue(creator: _first);
        Assert.Equal(1, queue.State!.Connections.SubscriberEpoch);
        Subscribe(queue, _second, epoch: 1L << 32);
        Assert.Equal(1L << 32, queue.State!.Connections.SubscriberEpoch);
        _first.Take();
        Subscribe(queue, _first, epoch: 0);
        Assert.Contains(new Received.Subscribed(queue.Id, queue.Id, (1L << 32) + 1), _first.Log);
    }

    [Fact]
    public void A_new_owner_has_the_subscriber_again_and_says_so_once()
    {
        TestQueue queue = Moved(_first, out _);
        Renew(queue, _first, 7);
        Assert.Equal([new Received.Renewed(RenewedUse.Messages, queue.Id, 7, false)], _first.Log);
        EntityId sent = queue.Send();
        Assert.Equal([sent], Pushed(_first.Take()));
        Renew(queue, _first, 7);
        Assert.Equal([new Received.Renewed(RenewedUse.Messages, queue.Id, 7, false)], _first.Log);
        Assert.Equal([Ok], queue.Do(_first, new AckCommand(sent)));
    }

    [Fact]
    public void What_was_delivered_is_not_delivered_again_and_can_be_acknowledged()
    {
        TestQueue queue = Moved(_first, out EntityId[] sent, 2);
        Renew(queue, _first, 1, delivered: sent[0]);
        Assert.Empty(Pushed([.. _first.Log]));
        Assert.Equal([new Received.Message(sent[1])], queue.Do(_first, new AckCommand(sent[0])));
    }

    [Fact]
    public void What_was_not_delivered_or_has_left_is_followed_by_the_first_stored_message()
    {
        TestQueue queue = Moved(_first, out EntityId[] sent, 2);
        Renew(queue, _first, 1);
        Assert.Equal([sent[0]], Pushed(_first.Take()));
        queue.Restart();
        Renew(queue, _first, 1, delivered: EntityId.Random());
        Assert.Equal([sent[0]], Pushed(_first.Take()));
    }

    [Fact]
    public void A_message_that_came_with_a_lost_answer_is_delivered_again()
    {
        TestQueue queue = Moved(_first, out EntityId[] sent, 2);
        Renew(queue, _first, 1, delivered: sent[0]);
        Assert.Equal([new Received.Message(sent[1])], queue.Do(_first, new AckCommand(sent[0])));
        Renew(queue, _first, 1, delivered: EntityId.Empty);
        Assert.Equal([sent[1]], Pushed(_first.Take()));
        Assert.Equal([Ok], queue.Do(_first, new AckCommand(sent[1])));
    }

    [Fact]
    public void The_later_subscription_wins_and_the_other_connection_is_told()
    {
        foreach (bool winnerFirst in (bool[])[true, false])
        {
            TestQueue queue = Moved(_first, out EntityId[] sent, 1);
            Renew(queue, winnerFirst ? _first : _second, winnerFirst ? 9 : 8, delivered: sent[0]);
            Renew(queue, winnerFirst ? _second : _first, winnerFirst ? 8 : 9, delivered: sent[0]);
            Assert.Equal([new Received.Event(queue.Id, EndResponse.Instance, Keep: false)], _second.Take().Where(one => one is Received.Event));
            Assert.DoesNotContain(_first.Take(), one => one is Received.Event or Received.Push);
            Assert.Same(_first, queue.State!.Connections.Subscriber);
            Assert.Equal(9, queue.State.Connections.SubscriberEpoch);
        }
    }

    [Fact]
    public void A_connection_whose_node_joined_again_has_its_subscription_by_the_epoch()
    {
        TestQueue queue = Moved(_first, out EntityId[] sent, 2);
        Renew(queue, _first, 3);
        Assert.Equal([sent[0]], Pushed(_first.Take()));
        Renew(queue, _second, 3, delivered: sent[0]);
        Assert.Empty(_first.Take());
        Assert.Equal([new Received.Renewed(RenewedUse.Messages, queue.Id, 3, false)], _second.Take());

        // The end of the former session comes late.
        queue.Tell(new QueueCommand.Disconnected(_first));
        Assert.Equal([new Received.Message(sent[1])], queue.Do(_second, new AckCommand(sent[0])));
    }

    [Fact]
    public void A_notifier_whose_node_joined_again_has_its_subscription_by_the_epoch()
    {
        var queue = new TestQueue();
        EntityId notifier = queue.EnableNotifications(_second).NotifierId;
        queue.Restart();
        RenewNotifier(queue, notifier, 6);
        _first.Take();
        queue.Tell(new QueueCommand.Renew(queue.Id, notifier, _second, new KnownSubscription(RenewedUse.Notifications, 6, null)));
        Assert.Empty(_first.Take());
        Assert.Contains(new Received.Renewed(RenewedUse.Notifications, notifier, 6, false), _second.Take());
        Assert.Same(_second, queue.State!.Connections.NotifierSubscriber);
    }

    [Fact]
    public void A_connection_seen_over_a_new_session_takes_its_own_place_silently()
    {
        TestQueue queue = Moved(_first, out EntityId[] sent, 1);
        Renew(queue, _first, 5);
        Assert.Equal(sent, Pushed(_first.Take()));
        var again = new TestConnection("first again") { Stands = _first };
        Renew(queue, again, 4);
        Assert.Empty(_first.Take());
        Assert.Equal([new Received.Renewed(RenewedUse.Messages, queue.Id, 5, false), new Received.Push(sent[0], null)], again.Log);
        Assert.Same(again, queue.State!.Connections.Subscriber);
        queue.Tell(new QueueCommand.Disconnected(_first));
        Assert.Null(queue.State!.Connections.Subscriber);
    }

    [Fact]
    public void Of_a_queue_that_is_gone_the_connection_is_told_so()
    {
        TestQueue queue = Moved(_first, out _);
        queue.Do(_second, new DelCommand());
        Renew(queue, _first, 1);
        Assert.Equal([new Received.Event(queue.Id, DeldResponse.Instance, Keep: false)], _first.Take());
        Renew(queue, _first, 0, RenewedUse.Reading);
        Assert.Empty(_first.Take());
    }

    [Fact]
    public void A_queue_that_changed_its_service_is_lost_and_its_record_stays()
    {
        var member = new TestConnection("member", Service);
        TestQueue queue = Moved(_first, out _);
        QueueRecord before = queue.Record;
        Renew(queue, member, 100);
        Assert.Equal([new Received.Event(queue.Id, EndResponse.Instance, Keep: false)], member.Take());
        Assert.Same(before, queue.Record);
        Assert.Null(queue.State!.Connections.Subscriber);
    }

    [Fact]
    public void Within_a_service_the_loser_is_told_that_another_member_took_the_queue()
    {
        var member = new TestConnection("member", Service);
        var other = new TestConnection("other", Service);
        var queue = new TestQueue(creator: member);
        queue.Restart();
        Renew(queue, member, 1);
        Renew(queue, other, 2);
        Assert.Equal([new Received.Taken(queue.Id)], member.Take().Where(one => one is not Received.Renewed));
        Assert.Same(other, queue.State!.Connections.Subscriber);
    }

    [Fact]
    public void A_reader_acknowledges_what_it_got_from_the_last_owner()
    {
        TestQueue queue = Moved(null, out EntityId[] sent, 1);
        Renew(queue, _first, 0, RenewedUse.Reading, sent[0]);
        Assert.Equal([Prohibited], queue.Do(_first, new SubCommand()));
        Assert.Equal([Ok], queue.Do(_first, new AckCommand(sent[0])));
        Assert.Empty(queue.State!.Messages);
    }

    [Fact]
    public void A_notifier_is_attached_again_and_reads_what_waits()
    {
        var queue = new TestQueue();
        EntityId notifier = queue.EnableNotifications(_second).NotifierId;
        queue.Restart();
        RenewNotifier(queue, notifier, 6);
        Assert.Equal(
            [new Received.Renewed(RenewedUse.Notifications, notifier, 6, false), new Received.NotifyStored(notifier)], _first.Log);
        RenewNotifier(queue, notifier, 6);
        Assert.Equal([new Received.Renewed(RenewedUse.Notifications, notifier, 6, false)], _first.Log);

        EntityId next = queue.EnableNotifications(_second).NotifierId;
        Assert.Equal([new Received.Event(notifier, DeldResponse.Instance, Keep: false)], _first.Take().Where(one => one is Received.Event));
        RenewNotifier(queue, notifier, 6);
        Assert.Equal([new Received.Event(notifier, DeldResponse.Instance, Keep: false)], _first.Take());
        Assert.NotEqual(notifier, next);
    }

    [Fact]
    public void An_acknowledgement_that_comes_first_brings_along_what_the_connection_had()
    {
        TestQueue queue = Moved(_first, out EntityId[] sent, 2);
        Acknowledge(queue, sent[0], new KnownSubscription(RenewedUse.Messages, 4, sent[0]));
        Assert.Equal([new Received.Renewed(RenewedUse.Messages, queue.Id, 4, false), new Received.Message(sent[1])], _first.Log);
        Assert.Equal([sent[1]], queue.State!.Messages.Select(message => message.MessageId));
        Renew(queue, _first, 4, delivered: sent[0]);
        Assert.Empty(Pushed(_first.Take()));

        // Not for one who lost the queue.
        Subscribe(queue, _second, 0);
        _first.Take();
        Acknowledge(queue, sent[1], new KnownSubscription(RenewedUse.Messages, 4, sent[1]));
        Assert.Equal([new Received.Event(queue.Id, EndResponse.Instance, Keep: false), NoMsg], _first.Take());
        Assert.Single(queue.State!.Messages);
    }

    [Fact]
    public void A_subscription_made_since_survives_the_end_of_an_earlier_one()
    {
        var queue = new TestQueue(creator: _first);
        Subscribe(queue, _first, epoch: 5);
        queue.Tell(new QueueCommand.Disconnected(_first, IsOver: false) { UpTo = 4 });
        Assert.Same(_first, queue.State!.Connections.Subscriber);
        queue.Tell(new QueueCommand.Disconnected(_first, IsOver: false) { UpTo = 5 });
        Assert.Null(queue.State!.Connections.Subscriber);
    }

    [Fact]
    public void A_renewal_that_cannot_be_decided_is_said_to_have_failed()
    {
        var queue = new TestQueue();
        var renew = new QueueCommand.Renew(queue.Id, queue.Id, _first, new KnownSubscription(RenewedUse.Messages, 2, null));
        Assert.Equal(
            [new QueueEffect.Renewed(_first, RenewedUse.Messages, queue.Id, queue.Id, 2, Failed: true)],
            new QueueKind(new QueueOptions()).Refuse(queue.Id, renew, Refusal.LoadFailed));
    }

    [Fact]
    public void A_queue_attached_again_after_its_owner_changed_is_not_counted_again()
    {
        var member = new TestConnection("member", Service);
        var queue = new TestQueue(creator: member);
        queue.Restart();
        EntityId sent = queue.Send();
        Assert.Empty(CountTests.Counted(queue, () => Assert.Equal([sent], Attach(queue, member))));
    }

    private static EntityId[] Attach(TestQueue queue, TestConnection member)
    {
        queue.Tell(new QueueCommand.AttachService(queue.Id, member, [], Answer: true) { IsRenewal = true });
        return Pushed(member.Take());
    }

    /// <summary>A queue whose owner has changed: no connection is known.</summary>
    private TestQueue Moved(TestConnection? creator, out EntityId[] sent, int messages = 0)
    {
        var queue = new TestQueue(creator: creator);
        sent = [.. Enumerable.Range(0, messages).Select(_ => queue.Send())];
        queue.Restart();
        _first.Take();
        _second.Take();
        return queue;
    }

    private static void Renew(
        TestQueue queue, TestConnection connection, long epoch, RenewedUse use = RenewedUse.Messages, EntityId? delivered = null)
    {
        connection.Log.Clear();
        queue.Tell(new QueueCommand.Renew(queue.Id, queue.Id, connection, new KnownSubscription(use, epoch, delivered)));
    }

    private void RenewNotifier(TestQueue queue, EntityId notifierId, long epoch)
    {
        _first.Log.Clear();
        queue.Tell(new QueueCommand.Renew(queue.Id, notifierId, _first, new KnownSubscription(RenewedUse.Notifications, epoch, null)));
    }

    private void Acknowledge(TestQueue queue, EntityId messageId, KnownSubscription known)
    {
        _first.Log.Clear();
        queue.Tell(new QueueCommand.Client(queue.Id, new AckCommand(messageId), queue.Record.KeysVersion, 20, _first, _first.NextReply(), FreshValues.None) { Known = known });
    }

    private static void Subscribe(TestQueue queue, TestConnection connection, long epoch) =>
        queue.Tell(new QueueCommand.Client(queue.Id, new SubCommand(), queue.Record.KeysVersion, 20, connection, connection.NextReply(), FreshValues.None) { Epoch = epoch });
}
