using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class QueueKindTests
{
    private readonly QueueKind _kind = new(new QueueOptions());
    private readonly TestConnection _client = new("client");

    [Fact]
    public void A_command_authorised_with_old_keys_does_nothing_but_say_so()
    {
        var queue = new TestQueue(creator: _client);
        EntityId sent = queue.Send();
        queue.Now += TimeSpan.FromDays(1);
        QueueState before = queue.State!;
        Assert.All(DeleteTests.AllCommands().Append(new AckCommand(sent)), command =>
        {
            Assert.Equal([new Received.Stale()], queue.Do(_client, command, entityId: queue.Id, keysVersion: 7));
            Assert.Same(before, queue.State);
            Assert.Empty(queue.LastChanges);
        });
    }

    [Fact]
    [Spec("S-247")]
    public void The_day_of_use_is_stored_once_a_day_with_whatever_else_changes()
    {
        Assert.All(DeleteTests.AllCommands(), command =>
        {
            var queue = new TestQueue(QueueMode.Contact, link: new LinkData(default, default));
            queue.EnableNotifications(_client);
            queue.Now += TimeSpan.FromDays(1);
            int today = QueueRecord.DayOf(queue.Now);
            queue.Do(_client, command, new FreshValues(EntityId.Random(), EntityId.Random(), new FreshNotifier(queue.Record.Notifier!, new NotifierIds(queue.NotifierId, TestQueue.NewKey()))));
            bool uses = command.Tag is not (SmpCommandTag.OFF or SmpCommandTag.DEL or SmpCommandTag.NSUB);
            Assert.Equal(uses, queue.State?.Record.UpdatedDay == today);
            Assert.Equal(uses || command.Tag is SmpCommandTag.OFF ? 1 : 0, queue.LastChanges.Count(c => c is QueueChange.Update));
            if (command.Tag is SmpCommandTag.SUB or SmpCommandTag.GET or SmpCommandTag.QUE)
            {
                queue.Do(_client, new QueCommand());
                Assert.Empty(queue.LastChanges);
            }
        });
    }

    [Fact]
    [Spec("S-247")]
    public void SEND_stores_the_day_even_when_the_queue_is_blocked()
    {
        var queue = new TestQueue();
        queue.Tell(new QueueCommand.Block(new BlockingInfo(BlockingReason.Spam), new TestStatus()));
        queue.Now += TimeSpan.FromDays(1);
        queue.Do(_client, new SendCommand(false, default));
        Assert.Equal(QueueRecord.DayOf(queue.Now), queue.Store.Record!.UpdatedDay);
        Assert.Equal(2, queue.Record.KeysVersion);
    }

    [Fact]
    [Spec("S-230", "S-233", "S-234")]
    public void An_id_that_is_taken_answers_AUTH()
    {
        var queue = new TestQueue(creator: _client);
        Assert.Equal(QueueRecord.DayOf(queue.Now), queue.Record.UpdatedDay);
        Assert.Equal(AuthError, Assert.IsType<QueueEffect.Reply>(Assert.Single(queue.LastConflict)).Response);
        queue.Tell(new QueueCommand.Create(queue.Record, null, _client, _client.NextReply(), queue.Ids));
        Assert.Equal([Auth], _client.Take());
        Assert.Empty(queue.LastChanges);
        Assert.True(_kind.CreatesEntity(new QueueCommand.Create(queue.Record, null, null, _client.NextReply(), queue.Ids)));
        Assert.False(_kind.CreatesEntity(QueueCommand.Recover.Instance));
    }

    [Theory]
    [Spec("S-491", "S-381", "S-223")]
    [InlineData(Refusal.StoreFailed, true)]
    [InlineData(Refusal.LoadFailed, true)]
    [InlineData(Refusal.Fault, false)]
    [InlineData(Refusal.Stopping, false)]
    public void A_refused_command_is_answered_without_details(Refusal refusal, bool store)
    {
        EntityId id = EntityId.Random();
        ReplyTo to = _client.NextReply();
        var client = new QueueCommand.Client(id, new SubCommand(), 1, 20, _client, to, FreshValues.None);
        var reply = Assert.IsType<QueueEffect.Reply>(Assert.Single(_kind.Refuse(id, client, refusal)));
        Assert.Equal(to, reply.To);
        SmpError error = Assert.IsType<ErrResponse>(reply.Response).Error;
        Assert.Equal(store ? new StoreError("temporarily unavailable") : SmpError.Internal, error);

        var status = new TestStatus();
        Assert.Equal([new QueueEffect.ReplyOperatorFailed(status)], _kind.Refuse(id, new QueueCommand.Unblock(status), refusal));
        Assert.Equal([new QueueEffect.ReplyOperatorFailed(status)], _kind.Refuse(id, new QueueCommand.Block(new BlockingInfo(BlockingReason.Spam), status), refusal));
        Assert.Empty(_kind.Refuse(id, new QueueCommand.Disconnected(_client), refusal));
    }

    [Fact]
    public void A_queue_that_nobody_uses_leaves_memory_whole()
    {
        var queue = new TestQueue(creator: _client);
        Assert.NotNull(_kind.Residue(queue.State!));
        queue.Tell(new QueueCommand.Disconnected(_client));
        Assert.Null(_kind.Residue(queue.State!));
        Assert.Null(_kind.Activate(queue.Id, null, null));
    }

    [Fact]
    public void What_a_subscribed_queue_leaves_in_memory_is_small()
    {
        const int Queues = 1000;
        var kept = new object?[Queues];
        var state = new TestQueue(creator: _client).State!;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Queues; i++)
        {
            kept[i] = _kind.Residue(state with { Connections = new QueueConnections { Subscriber = _client } });
        }

        long states = Queues * 40;
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before - states) / Queues, 1, 64);
        Assert.Equal(Queues, kept.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    [Spec("S-261")]
    public void The_end_of_a_connection_needs_no_load()
    {
        var other = new TestConnection("other");
        var queue = new TestQueue(creator: _client);
        queue.EnableNotifications(_client);
        queue.Do(other, new NsubCommand());
        object? residue = _kind.Residue(queue.State!);

        Assert.True(_kind.TryDecideResidue(queue.Id, residue, new QueueCommand.Disconnected(_client), out object? rest, out ImmutableArray<QueueEffect> effects));
        QueueConnections left = Assert.IsType<QueueConnections>(rest);
        Assert.Null(left.Subscriber);
        Assert.Same(other, left.NotifierSubscriber);
        Assert.Empty(effects);
        Assert.True(_kind.TryDecideResidue(queue.Id, rest, new QueueCommand.Disconnected(other), out rest, out effects));
        Assert.Null(rest);
        Assert.True(_kind.TryDecideResidue(queue.Id, null, new QueueCommand.Disconnected(other), out rest, out effects));
        Assert.Null(rest);

        Assert.False(_kind.TryDecideResidue(queue.Id, residue, new QueueCommand.Expire(0), out rest, out effects));
        Assert.Same(residue, rest);
    }

    [Theory]
    [InlineData(CommitOutcome.Failed)]
    [InlineData(CommitOutcome.Unknown)]
    public void After_a_lost_acknowledgement_the_subscriber_is_sent_the_first_message_again(CommitOutcome outcome)
    {
        var queue = new TestQueue(creator: _client);
        EntityId first = queue.Send();
        EntityId second = queue.Send();
        _client.Take();
        queue.NextCommit = outcome;
        Received[] received = queue.Do(_client, new AckCommand(first));
        Assert.Equal(Error(new StoreError("temporarily unavailable")), received[0]);
        Assert.Equal([outcome is CommitOutcome.Failed ? first : second], Pushed(received));
    }

    [Fact]
    public void A_message_of_unknown_fate_that_was_stored_reaches_its_subscriber()
    {
        var queue = new TestQueue(creator: _client);
        queue.NextCommit = CommitOutcome.Unknown;
        EntityId sent = queue.Send(answer: new ErrResponse(new StoreError("temporarily unavailable")));
        Assert.Equal([sent], Pushed(_client.Take()));
    }

    [Fact]
    public void A_subscription_that_could_not_be_stored_takes_nothing_from_the_one_before()
    {
        var queue = new TestQueue(creator: _client);
        var other = new TestConnection("other");
        queue.Now += TimeSpan.FromDays(1);
        queue.NextCommit = CommitOutcome.Failed;
        Assert.Equal([Error(new StoreError("temporarily unavailable"))], queue.Do(other, new SubCommand()));
        Assert.Empty(_client.Take());
        EntityId sent = queue.Send();
        Assert.Equal([sent], Pushed(_client.Take()));
    }

    [Fact]
    public void A_command_that_is_not_for_queues_is_a_bug()
    {
        var queue = new TestQueue();
        Assert.Throws<InvalidOperationException>(() => queue.Do(_client, new PingCommand()));
    }
}
