using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class AckTests
{
    private readonly TestConnection _recipient = new("recipient");
    private readonly TestQueue _queue;

    public AckTests() => _queue = new TestQueue(creator: _recipient);

    [Fact]
    [Spec("S-269", "S-410", "S-462")]
    public void Without_a_delivered_message_or_with_another_id_there_is_no_message()
    {
        Assert.Equal([NoMsg], _queue.Do(_recipient, new AckCommand(EntityId.Random())));
        Assert.Equal([NoMsg], _queue.Do(_recipient, new AckCommand(EntityId.Empty)));
        EntityId sent = _queue.Send();
        Assert.Equal([NoMsg], _queue.Do(_recipient, new AckCommand(EntityId.Random())));
        Assert.Equal([Ok], _queue.Do(_recipient, new AckCommand(sent)));
        Assert.Equal([NoMsg], _queue.Do(_recipient, new AckCommand(sent)));
    }

    [Fact]
    [Spec("S-254", "S-269", "S-462")]
    public void A_connection_that_neither_subscribed_nor_used_GET_has_no_message()
    {
        EntityId sent = _queue.Send();
        Assert.Equal([NoMsg], _queue.Do(new TestConnection("other"), new AckCommand(sent)));
        Assert.Single(_queue.Store.Messages);
    }

    [Fact]
    [Spec("S-270")]
    public void The_answer_is_the_next_message_which_then_counts_as_delivered()
    {
        EntityId first = _queue.Send();
        EntityId second = _queue.Send();
        Assert.Equal([first], Pushed(_recipient.Take()));
        Assert.Equal([new Received.Message(second)], _queue.Do(_recipient, new AckCommand(first)));
        Assert.Null(Assert.IsType<QueueEffect.ReplyMessage>(Assert.Single(_queue.LastEffects)).Delivery.Body);
        Assert.Equal([NoMsg], _queue.Do(_recipient, new AckCommand(first)));
        Assert.Equal([Ok], _queue.Do(_recipient, new AckCommand(second)));
    }

    [Fact]
    [Spec("S-271", "S-420")]
    public void A_message_that_another_connection_removed_is_acknowledged_with_the_current_first()
    {
        var getter = new TestConnection("getter");
        EntityId first = _queue.Send();
        EntityId second = _queue.Send();
        Assert.Equal([new Received.Message(first)], _queue.Do(getter, new GetCommand()));
        Assert.Equal([Ok], _queue.Do(getter, new AckCommand(first)));
        Assert.Equal([new Received.Message(second)], _queue.Do(_recipient, new AckCommand(first)));
        Assert.Empty(_queue.LastChanges);
    }

    [Fact]
    [Spec("S-271", "S-420")]
    public void A_getters_late_acknowledgement_is_OK()
    {
        var getter = new TestConnection("getter");
        EntityId first = _queue.Send();
        EntityId second = _queue.Send();
        _queue.Do(getter, new GetCommand());
        Assert.Equal([new Received.Message(second)], _queue.Do(_recipient, new AckCommand(first)));
        Assert.Equal([Ok], _queue.Do(getter, new AckCommand(first)));
        Assert.Equal([second], _queue.Store.Messages.Select(m => m.MessageId));
    }

    [Fact]
    [Spec("S-272")]
    public void An_empty_id_deletes_nothing_and_delivers_the_same_message_again()
    {
        EntityId sent = _queue.Send();
        Assert.Equal([new Received.Message(sent)], _queue.Do(_recipient, new AckCommand(EntityId.Empty)));
        Assert.Empty(_queue.LastChanges);
        Assert.Equal([Ok], _queue.Do(_recipient, new AckCommand(sent)));
    }

    [Fact]
    [Spec("S-272", "S-270")]
    public void A_getters_empty_id_is_OK_and_deletes_nothing()
    {
        var getter = new TestConnection("getter");
        EntityId sent = _queue.Send();
        _queue.Do(getter, new GetCommand());
        Assert.Equal([Ok], _queue.Do(getter, new AckCommand(EntityId.Empty)));
        Assert.Equal([NoMsg], _queue.Do(getter, new AckCommand(sent)));
        Assert.Single(_queue.Store.Messages);
    }

    [Fact]
    [Spec("S-269", "S-274")]
    public void What_was_delivered_survives_passivation()
    {
        EntityId first = _queue.Send();
        EntityId second = _queue.Send();
        _queue.Reload();
        Assert.Equal([new Received.Message(second)], _queue.Do(_recipient, new AckCommand(first)));
    }
}
