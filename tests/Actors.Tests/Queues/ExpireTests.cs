using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class ExpireTests
{
    private readonly TestConnection _recipient = new("recipient");

    [Fact]
    [Spec("S-284", "S-428", "S-433")]
    public void Old_messages_leave_from_the_front_in_order()
    {
        var queue = new TestQueue();
        queue.Send();
        queue.Send();
        queue.Now += TimeSpan.FromSeconds(3);
        EntityId kept = queue.Send();
        queue.Tell(new QueueCommand.Expire(queue.Now.ToUnixTimeSeconds()));
        Assert.Equal([kept], queue.Store.Messages.Select(m => m.MessageId));
        queue.Tell(new QueueCommand.Expire(queue.Now.ToUnixTimeSeconds()));
        Assert.Empty(queue.LastChanges);
    }

    [Fact]
    [Spec("S-464")]
    public void A_suspended_queue_stays_however_long_nobody_uses_it()
    {
        var queue = new TestQueue();
        queue.Send();
        queue.Do(_recipient, new OffCommand());
        queue.Now += TimeSpan.FromDays(3650);
        queue.Restart();
        queue.Tell(new QueueCommand.Expire(queue.Now.ToUnixTimeSeconds()));
        Assert.Empty(queue.Store.Messages);
        Assert.Equal(queue.Record, queue.Store.Record);
        Assert.Equal([Sok], queue.Do(_recipient, new SubCommand()));
    }

    [Fact]
    [Spec("S-284")]
    public void A_newer_message_protects_what_stands_behind_it()
    {
        var queue = new TestQueue();
        queue.Send();
        queue.Now -= TimeSpan.FromHours(1);
        queue.Send();
        queue.Tell(new QueueCommand.Expire(queue.Now.ToUnixTimeSeconds() + 1));
        Assert.Equal(2, queue.Store.Messages.Count);
    }

    [Fact]
    [Spec("S-284", "S-285")]
    public void The_marker_stays_and_an_emptied_queue_is_writable()
    {
        var queue = new TestQueue(options: new QueueOptions { QuotaMessages = 1 });
        queue.Send();
        EntityId marker = queue.Send(answer: QuotaError);
        queue.Tell(new QueueCommand.Expire(long.MaxValue));
        Assert.Equal([marker], queue.Store.Messages.Select(m => m.MessageId));
        queue.Send(answer: QuotaError);

        var other = new TestQueue(options: new QueueOptions { QuotaMessages = 1 });
        other.Send();
        other.Tell(new QueueCommand.Expire(long.MaxValue));
        Assert.Empty(other.Store.Messages);
        other.Send();
    }

    [Fact]
    [Spec("S-271", "S-284")]
    public void The_acknowledgement_of_an_expired_message_brings_the_next()
    {
        var queue = new TestQueue(creator: _recipient);
        EntityId old = queue.Send();
        queue.Now += TimeSpan.FromDays(1);
        queue.Tell(new QueueCommand.Expire(queue.Now.ToUnixTimeSeconds()));
        EntityId next = queue.Send();
        Assert.Equal([old], Pushed(_recipient.Take()));
        Assert.Equal([new Received.Message(next)], queue.Do(_recipient, new AckCommand(old)));
        Assert.Equal([Ok], queue.Do(_recipient, new AckCommand(next)));
    }

    [Fact]
    [Spec("S-286", "S-433")]
    public void SEND_expires_first_if_the_operator_wants_that()
    {
        var queue = new TestQueue(options: new QueueOptions { QuotaMessages = 1, ExpireOnSendAfter = TimeSpan.FromSeconds(1) });
        queue.Send();
        queue.Now += TimeSpan.FromSeconds(2);
        EntityId second = queue.Send();
        Assert.Equal([second], queue.Store.Messages.Select(m => m.MessageId));

        var plain = new TestQueue();
        plain.Send();
        plain.Now += TimeSpan.FromDays(100);
        plain.Send();
        Assert.Equal(2, plain.Store.Messages.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_whose_body_cannot_be_read_gives_way_to_the_next(bool quarantined)
    {
        var queue = new TestQueue(creator: _recipient);
        EntityId bad = queue.Send();
        EntityId good = queue.Send();
        _recipient.Take();
        queue.Tell(new QueueCommand.BodyUnavailable(_recipient, bad, quarantined));
        Assert.Equal([new Received.Push(good, null)], _recipient.Take());
        queue.Tell(new QueueCommand.BodyUnavailable(_recipient, bad, quarantined));
        Assert.Empty(_recipient.Take());
        Assert.Equal([Ok], queue.Do(_recipient, new AckCommand(good)));
    }

    [Fact]
    public void A_getter_whose_message_cannot_be_read_gets_the_next_on_request()
    {
        var queue = new TestQueue();
        EntityId bad = queue.Send();
        EntityId good = queue.Send();
        queue.Do(_recipient, new GetCommand());
        queue.Tell(new QueueCommand.BodyUnavailable(_recipient, bad, Quarantined: true));
        Assert.Equal([NoMsg], queue.Do(_recipient, new AckCommand(bad)));
        Assert.Equal([new Received.Message(good)], queue.Do(_recipient, new GetCommand()));
    }
}
