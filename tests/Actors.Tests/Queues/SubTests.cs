using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class SubTests
{
    private readonly TestConnection _first = new("first");
    private readonly TestConnection _second = new("second");

    [Fact]
    [Spec("S-234", "S-264")]
    public void The_creator_is_subscribed_if_it_asked_to()
    {
        var queue = new TestQueue(creator: _first);
        EntityId sent = queue.Send();
        Assert.Equal([sent], Pushed(_first.Take()));
        var other = new TestQueue();
        other.Send();
        Assert.IsType<QueueEffect.Reply>(Assert.Single(other.LastEffects));
    }

    [Fact]
    [Spec("S-251", "S-332", "S-415")]
    public void The_first_message_is_handed_over_with_the_answer_and_ahead_of_it()
    {
        var queue = new TestQueue();
        EntityId sent = queue.Send();
        Assert.Equal([new Received.Push(sent, null), Sok], queue.Do(_first, new SubCommand()));
        Assert.Equal(new QueueEffect.Subscribed(_first, queue.Id, queue.Id, 1), queue.LastEffects[0]);
    }

    [Fact]
    [Spec("S-251")]
    public void An_empty_queue_only_answers()
    {
        var queue = new TestQueue();
        Assert.Equal([Sok], queue.Do(_first, new SubCommand()));
    }

    [Fact]
    [Spec("S-252", "S-257")]
    public void A_repeated_SUB_delivers_again_and_ends_nothing()
    {
        var queue = new TestQueue(creator: _first);
        EntityId sent = queue.Send();
        _first.Take();
        Assert.Equal([new Received.Push(sent, null), Sok], queue.Do(_first, new SubCommand()));
        Assert.Equal([Ok], queue.Do(_first, new AckCommand(sent)));
        Assert.Equal([Sok], queue.Do(_first, new SubCommand()));
    }

    [Fact]
    [Spec("S-250", "S-257", "S-258", "S-418", "S-500")]
    public void The_newest_subscriber_wins()
    {
        var queue = new TestQueue(creator: _first);
        EntityId one = queue.Send();
        Assert.Equal([one], Pushed(_first.Take()));

        Assert.Equal([new Received.Push(one, null), Sok], queue.Do(_second, new SubCommand()));
        Assert.Equal([Event(queue.Id, EndResponse.Instance)], _first.Take());
        Assert.Equal([NoMsg], queue.Do(_first, new AckCommand(one)));
        Assert.Equal([Ok], queue.Do(_second, new AckCommand(one)));

        EntityId two = queue.Send();
        Assert.Equal([two], Pushed(_second.Take()));
        Assert.Empty(_first.Take());

        Assert.Equal([Ok], queue.Do(_first, new DelCommand()));
        Assert.Equal([Event(queue.Id, DeldResponse.Instance)], _second.Take());
        Assert.Empty(_first.Take());
    }

    [Fact]
    [Spec("S-253")]
    public void SUB_and_GET_exclude_each_other_on_one_connection()
    {
        var queue = new TestQueue(creator: _first);
        Assert.Equal([Prohibited], queue.Do(_first, new GetCommand()));
        Assert.Equal([Ok], queue.Do(_second, new GetCommand()));
        Assert.Equal([Prohibited], queue.Do(_second, new SubCommand()));
        queue.Reload();
        Assert.Equal([Prohibited], queue.Do(_second, new SubCommand()));
        Assert.Empty(_first.Take());
    }

    [Fact]
    [Spec("S-255", "S-243", "S-414")]
    public void A_suspended_queue_delivers_what_it_has()
    {
        var queue = new TestQueue();
        EntityId one = queue.Send();
        EntityId two = queue.Send();
        Assert.Equal([Ok], queue.Do(_first, new OffCommand()));
        Assert.Equal([Ok], queue.Do(_first, new OffCommand()));
        queue.Send(answer: AuthError);
        Assert.Equal([new Received.Push(one, null), Sok], queue.Do(_first, new SubCommand()));
        Assert.Equal([new Received.Message(two)], queue.Do(_first, new AckCommand(one)));
        Assert.Equal([Ok], queue.Do(_first, new AckCommand(two)));
        Assert.Equal([Ok], queue.Do(_second, new GetCommand()));
    }

    [Fact]
    [Spec("S-261", "S-274")]
    public void A_connection_that_ended_is_forgotten_and_its_message_delivered_to_the_next()
    {
        var queue = new TestQueue(creator: _first);
        EntityId sent = queue.Send();
        queue.Tell(new QueueCommand.Disconnected(_first));
        Assert.True(queue.State!.Connections.IsNone);
        Assert.Equal([new Received.Push(sent, null), Sok], queue.Do(_second, new SubCommand()));
        _first.Take();
        queue.Tell(new QueueCommand.Disconnected(_first));
        Assert.Equal([Ok], queue.Do(_second, new AckCommand(sent)));
        Assert.Empty(_first.Take());
    }

    [Fact]
    [Spec("S-420", "S-292")]
    public void A_subscriber_and_a_getter_see_the_same_message()
    {
        var queue = new TestQueue(creator: _first);
        EntityId sent = queue.Send();
        Assert.Equal([new Received.Message(sent)], queue.Do(_second, new GetCommand()));
        Assert.Equal([sent], Pushed(_first.Take()));
        Assert.Equal([NoMsg], queue.Do(_second, new AckCommand(EntityId.Random())));
    }
}
