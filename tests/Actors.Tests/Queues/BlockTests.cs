using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class BlockTests
{
    private readonly TestConnection _client = new("client");
    private readonly TestStatus _operator = new();
    private readonly BlockingInfo _info = new(BlockingReason.Content, new ClientNotice(60));

    private QueueStatus Blocked => new QueueStatus.Blocked(_info);

    [Fact]
    [Spec("S-246", "S-434")]
    public void Commands_on_a_blocked_queue_answer_why_it_is_blocked()
    {
        Assert.All(DeleteTests.AllCommands(), command =>
        {
            var queue = new TestQueue(link: new LinkData(new byte[1], new byte[1]));
            queue.EnableNotifications(_client);
            queue.Tell(new QueueCommand.Block(_info, _operator));
            Received answer = queue.Do(_client, command)[0];
            bool works = command.Tag is SmpCommandTag.OFF or SmpCommandTag.DEL or SmpCommandTag.NSUB;
            Assert.Equal(!works, answer == Error(new BlockedError(_info)));
        });
    }

    [Fact]
    [Spec("S-369")]
    public void Blocking_tells_the_subscriber_which_stays_subscribed()
    {
        var queue = new TestQueue(creator: _client);
        queue.Tell(new QueueCommand.Block(_info, _operator));
        Assert.Equal([Event(queue.Id, new ErrResponse(new BlockedError(_info)), keep: true)], _client.Take());
        Assert.Equal([(Blocked, true)], _operator.Answers);
        Assert.Equal(2, queue.Record.KeysVersion);

        queue.Tell(new QueueCommand.Unblock(_operator));
        Assert.Equal((QueueStatus.Active, true), _operator.Answers[^1]);
        EntityId sent = queue.Send();
        Assert.Equal([sent], Pushed(_client.Take()));
    }

    [Fact]
    [Spec("S-369")]
    public void Only_an_active_queue_counts_as_changed()
    {
        var queue = new TestQueue(creator: _client);
        queue.Tell(new QueueCommand.Unblock(_operator));
        Assert.Equal((QueueStatus.Active, false), _operator.Answers[^1]);
        Assert.Empty(queue.LastChanges);

        queue.Do(_client, new OffCommand());
        queue.Tell(new QueueCommand.Unblock(_operator));
        Assert.Equal((QueueStatus.Off, false), _operator.Answers[^1]);

        queue.Tell(new QueueCommand.Block(_info, _operator));
        Assert.Equal((Blocked, false), _operator.Answers[^1]);
        Assert.Equal(Blocked, queue.Record.Status);
        Assert.Equal([Event(queue.Id, new ErrResponse(new BlockedError(_info)), keep: true)], _client.Take());

        queue.Tell(new QueueCommand.Block(_info, _operator));
        Assert.Equal((Blocked, false), _operator.Answers[^1]);
        Assert.Empty(queue.LastChanges);
        Assert.Empty(_client.Take());
    }

    [Fact]
    [Spec("S-369", "S-249")]
    public void The_operator_deletes_a_queue_with_its_messages_and_nobody_is_told()
    {
        var queue = new TestQueue(creator: _client);
        queue.EnableNotifications(_client);
        queue.Send();
        queue.Send();
        _client.Take();
        queue.Tell(new QueueCommand.Remove(_operator));
        Assert.Equal([(null, true)], _operator.Answers);
        Assert.Equal(2, _operator.Messages);
        Assert.Null(queue.State);
        Assert.Equal([new QueueChange.Delete(queue.Id)], queue.LastChanges);
        Assert.Empty(_client.Take());
        Assert.Equal(1, queue.Statistics.Snapshot.Total(Counter.QDeletedNew));

        queue.Tell(new QueueCommand.Remove(_operator));
        Assert.Equal((null, false), _operator.Answers[^1]);
    }

    [Fact]
    [Spec("S-369")]
    public void Looking_at_a_queue_changes_nothing()
    {
        var queue = new TestQueue();
        queue.Send();
        queue.Tell(new QueueCommand.Inspect(_operator));
        Assert.Equal([(QueueStatus.Active, false)], _operator.Answers);
        Assert.Equal(1, _operator.Messages);
        Assert.Empty(queue.LastChanges);
    }

    [Fact]
    [Spec("S-243")]
    public void OFF_replaces_the_blocked_status()
    {
        var queue = new TestQueue();
        queue.Tell(new QueueCommand.Block(_info, _operator));
        Assert.Equal([Ok], queue.Do(_client, new OffCommand()));
        Assert.Equal(QueueStatus.Off, queue.Record.Status);
    }

    [Fact]
    public void A_message_that_could_not_be_delivered_while_blocked_is_delivered_afterwards()
    {
        var queue = new TestQueue(creator: _client);
        EntityId first = queue.Send();
        EntityId second = queue.Send();
        queue.Tell(new QueueCommand.Block(_info, _operator));
        _client.Take();
        queue.Tell(new QueueCommand.BodyUnavailable(_client, first, Quarantined: true));
        Assert.Empty(_client.Take());
        queue.Tell(new QueueCommand.Unblock(_operator));
        Assert.Equal([second], Pushed(_client.Take()));
    }

    [Fact]
    [Spec("S-369")]
    public void A_missing_queue_has_no_status()
    {
        var queue = new TestQueue();
        queue.Do(_client, new DelCommand());
        queue.Tell(new QueueCommand.Block(_info, _operator));
        queue.Tell(new QueueCommand.Unblock(_operator));
        Assert.Equal([(null, false), (null, false)], _operator.Answers);
    }
}
