using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class GetTests
{
    private readonly TestConnection _getter = new("getter");
    private readonly TestQueue _queue = new();

    [Fact]
    [Spec("S-273", "S-419")]
    public void GET_answers_with_the_first_message_until_it_is_acknowledged()
    {
        Assert.Equal([Ok], _queue.Do(_getter, new GetCommand()));
        EntityId one = _queue.Send();
        EntityId two = _queue.Send();
        Assert.Empty(_getter.Take());
        Assert.Equal([new Received.Message(one)], _queue.Do(_getter, new GetCommand()));
        Assert.Equal([new Received.Message(one)], _queue.Do(_getter, new GetCommand()));
        Assert.Equal([Ok], _queue.Do(_getter, new AckCommand(one)));
        Assert.Equal([new Received.Message(two)], _queue.Do(_getter, new GetCommand()));
        Assert.Equal([Ok], _queue.Do(_getter, new AckCommand(two)));
        Assert.Equal([Ok], _queue.Do(_getter, new GetCommand()));
    }

    [Fact]
    [Spec("S-273", "S-253")]
    public void The_queue_remembers_the_connection_until_it_ends()
    {
        _queue.Do(_getter, new GetCommand());
        Assert.Equal(new QueueEffect.Remembered(_getter, _queue.Id), _queue.LastEffects[0]);
        Assert.Equal([Prohibited], _queue.Do(_getter, new SubCommand()));
        _queue.Tell(new QueueCommand.Disconnected(_getter));
        Assert.Equal([Sok], _queue.Do(_getter, new SubCommand()));
    }

    [Fact]
    [Spec("S-274")]
    public void What_a_getter_got_survives_passivation()
    {
        EntityId sent = _queue.Send();
        _queue.Do(_getter, new GetCommand());
        _queue.Reload();
        Assert.Equal([Ok], _queue.Do(_getter, new AckCommand(sent)));
        Assert.Empty(_queue.Store.Messages);
    }

    [Fact]
    [Spec("S-253")]
    public void The_number_of_remembered_getters_is_bounded()
    {
        TestConnection[] getters = [.. Enumerable.Range(0, Limits.GettersPerQueue + 1).Select(i => new TestConnection($"getter {i}"))];
        EntityId sent = _queue.Send();
        foreach (TestConnection getter in getters)
        {
            Assert.Equal([new Received.Message(sent)], _queue.Do(getter, new GetCommand()));
        }

        Assert.Equal(Limits.GettersPerQueue, _queue.State!.Connections.Getters.Length);
        Assert.Equal([NoMsg], _queue.Do(getters[0], new AckCommand(sent)));
        Assert.Equal([Ok], _queue.Do(getters[1], new AckCommand(sent)));
    }
}
