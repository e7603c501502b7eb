using System.Collections.Immutable;
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

/// <summary>Queues that belong to a client service.</summary>
public sealed class ServiceQueueTests
{
    private static readonly EntityId Service = EntityId.Random();
    private static readonly EntityId OtherService = EntityId.Random();

    private readonly TestConnection _holder = new("holder", Service);
    private readonly TestConnection _second = new("second", Service);
    private readonly TestConnection _other = new("other service", OtherService);
    private readonly TestConnection _plain = new("plain");
    private readonly QueueKind _kind = new(new QueueOptions());

    private static Received ServiceSok { get; } = new Received.Answer(new SokResponse(Service));

    [Fact]
    [Spec("S-310", "S-311", "S-312")]
    public void A_subscription_sets_changes_and_removes_the_service()
    {
        var queue = new TestQueue();
        Assert.Equal([ServiceSok], queue.Do(_holder, new SubCommand()));
        Assert.Equal(Service, queue.Record.ServiceId);
        Assert.Equal([queue.Id], queue.Store.QueuesOf(Service));

        Assert.Equal([ServiceSok], queue.Do(_holder, new SubCommand()));
        Assert.Empty(queue.LastChanges);

        Assert.Equal([new Received.Answer(new SokResponse(OtherService))], queue.Do(_other, new SubCommand()));
        Assert.Equal([Event(queue.Id, EndResponse.Instance)], _holder.Take());
        Assert.Empty(queue.Store.QueuesOf(Service));
        Assert.Equal([queue.Id], queue.Store.QueuesOf(OtherService));

        Assert.Equal([Sok], queue.Do(_plain, new SubCommand()));
        Assert.Equal([Event(queue.Id, EndResponse.Instance)], _other.Take());
        Assert.Null(queue.Record.ServiceId);
        Assert.Empty(queue.Store.Counted);
    }

    [Fact]
    [Spec("S-323")]
    public void A_service_that_is_not_stored_gets_no_queue()
    {
        var queue = new TestQueue();
        queue.Do(_holder, new SubCommand());
        Assert.Equal(new ErrResponse(SmpError.Service), Assert.IsType<QueueEffect.Reply>(Assert.Single(queue.LastConflict)).Response);
    }

    [Fact]
    [Spec("S-265", "S-266", "S-318")]
    public void The_first_message_of_an_unattached_queue_is_mailed_and_then_delivered()
    {
        TestQueue queue = Unattached();
        queue.Services.Publish(Service, _holder);
        EntityId first = queue.Send();
        Assert.Equal([new Received.Mail(queue.Id)], _holder.Take());
        EntityId second = queue.Send();
        Assert.Empty(_holder.Take());

        queue.Tell(AttachTo(_holder, queue));
        queue.Tell(AttachTo(_holder, queue));
        Assert.Equal([first], Pushed(_holder.Take()));
        Assert.Equal([new Received.Message(second)], queue.Do(_holder, new AckCommand(first)));
        Assert.Equal([Ok], queue.Do(_holder, new AckCommand(second)));

        EntityId third = queue.Send(body: new byte[1]);
        Assert.Equal([third], Pushed(_holder.Take()));
    }

    [Fact]
    public void Nothing_is_mailed_without_a_holder_and_nothing_is_attached_without_a_message()
    {
        TestQueue queue = Unattached();
        queue.Tell(AttachTo(_holder, queue, answer: true));
        Assert.Equal([new Received.AttachAnswered(queue.Id, Failed: false)], _holder.Take());
        Assert.True(queue.State!.Connections.IsNone);
        queue.Send();
        queue.Services.Publish(Service, _holder);
        queue.Send();
        Assert.Empty(_holder.Take());
    }

    [Fact]
    [Spec("S-274", "S-318")]
    public void What_a_connection_leaves_unacknowledged_is_mailed_to_the_next()
    {
        var queue = new TestQueue();
        queue.Do(_holder, new SubCommand());
        EntityId first = queue.Send();
        _holder.Take();
        queue.Services.Publish(Service, _second);
        queue.Tell(new QueueCommand.Disconnected(_holder));
        Assert.Equal([new Received.Mail(queue.Id)], _second.Take());
        queue.Tell(AttachTo(_second, queue));
        Assert.Equal([first], Pushed(_second.Take()));
    }

    [Fact]
    [Spec("S-261", "S-274")]
    public void A_queue_out_of_memory_mails_too_and_is_not_loaded()
    {
        var queue = new TestQueue();
        queue.Do(_holder, new SubCommand());
        object? residue = _kind.Residue(queue.State!);
        Assert.True(_kind.TryDecideResidue(queue.Id, residue, new QueueCommand.Disconnected(_holder), out object? rest, out ImmutableArray<QueueEffect> effects));
        Assert.Null(rest);
        Assert.Empty(effects);

        queue.Send();
        residue = _kind.Residue(queue.State!);
        Assert.True(_kind.TryDecideResidue(queue.Id, residue, new QueueCommand.Disconnected(_second), out rest, out effects));
        Assert.Same(residue, rest);
        Assert.Empty(effects);
        Assert.True(_kind.TryDecideResidue(queue.Id, residue, new QueueCommand.Disconnected(_holder), out rest, out effects));
        Assert.Null(rest);
        Assert.Equal([new QueueEffect.ServiceMail(Service, queue.Id)], effects);
    }

    [Fact]
    [Spec("S-316", "S-483")]
    public void A_connection_that_lost_the_service_loses_the_queue_but_another_one_keeps_it()
    {
        var queue = new TestQueue();
        queue.Do(_holder, new SubCommand());
        EntityId first = queue.Send();
        _holder.Take();

        queue.Tell(AttachTo(_second, queue, answer: true));
        Assert.Equal([new Received.AttachAnswered(queue.Id, Failed: false)], _second.Take());
        Assert.Empty(_holder.Take());

        queue.Tell(AttachTo(_second, queue, answer: true, previous: _holder));
        Received[] received = _second.Take();
        Assert.Equal([first], Pushed(received));
        Assert.Equal(new Received.AttachAnswered(queue.Id, Failed: false), received[^1]);
        Assert.Equal([new Received.Taken(queue.Id)], _holder.Take());
        Assert.Equal([NoMsg], queue.Do(_holder, new AckCommand(first)));
    }

    [Fact]
    [Spec("S-483")]
    public void Within_a_service_the_newest_subscription_takes_only_that_queue()
    {
        var queue = new TestQueue();
        queue.Do(_holder, new SubCommand());
        EntityId first = queue.Send();
        _holder.Take();
        Received[] received = queue.Do(_second, new SubCommand());
        Assert.Equal(ServiceSok, received[^1]);
        Assert.Equal([first], Pushed(received));
        Assert.Equal([new Received.Taken(queue.Id)], _holder.Take());
        Assert.Empty(queue.LastChanges);
    }

    [Fact]
    public void Only_the_queues_own_service_attaches()
    {
        TestQueue queue = Unattached();
        queue.Send();
        queue.Tell(AttachTo(_other, queue));
        Assert.Empty(_other.Take());
        queue.Tell(AttachTo(_plain, queue));
        Assert.Empty(_plain.Take());
        queue.Do(_plain, new SubCommand());
        queue.Tell(AttachTo(_holder, queue));
        Assert.Empty(_holder.Take());
    }

    [Fact]
    [Spec("S-253")]
    public void A_connection_that_used_GET_is_not_attached()
    {
        TestQueue queue = Unattached();
        EntityId first = queue.Send();
        Assert.Equal([new Received.Message(first)], queue.Do(_holder, new GetCommand()));
        queue.Tell(AttachTo(_holder, queue));
        queue.Tell(new QueueCommand.Disconnected(_holder, IsOver: false));
        queue.Tell(AttachTo(_holder, queue));
        Assert.Empty(_holder.Take());
        queue.Tell(new QueueCommand.Disconnected(_holder));
        queue.Tell(AttachTo(_holder, queue));
        Assert.Equal([first], Pushed(_holder.Take()));
    }

    [Fact]
    [Spec("S-246")]
    public void A_blocked_queue_is_not_attached_until_it_is_unblocked()
    {
        TestQueue queue = Unattached();
        queue.Send();
        queue.Services.Publish(Service, _holder);
        queue.Tell(new QueueCommand.Block(new BlockingInfo(BlockingReason.Spam), new TestStatus()));
        queue.Tell(AttachTo(_holder, queue));
        Assert.Empty(_holder.Take());
        queue.Tell(new QueueCommand.Unblock(new TestStatus()));
        Assert.Equal([new Received.Mail(queue.Id)], _holder.Take());
    }

    [Fact]
    [Spec("S-324")]
    public void The_holder_is_told_of_queues_that_nobody_is_attached_to()
    {
        TestQueue queue = Unattached();
        queue.Services.Publish(Service, _holder);
        queue.Do(_plain, new SubCommand());
        Assert.Equal([Event(queue.Id, EndResponse.Instance)], _holder.Take());

        TestQueue deleted = Unattached();
        deleted.Services.Publish(Service, _holder);
        deleted.Do(_plain, new DelCommand());
        Assert.Equal([Event(deleted.Id, DeldResponse.Instance)], _holder.Take());
        Assert.Empty(deleted.Store.Counted);

        TestQueue own = Unattached();
        own.Services.Publish(Service, _holder);
        Assert.Equal([Ok], own.Do(_holder, new DelCommand()));
    }

    [Fact]
    [Spec("S-258", "S-310", "S-311", "S-312", "S-323", "S-324", "S-431")]
    public void A_notifier_has_a_service_of_its_own()
    {
        var queue = new TestQueue();
        EntityId notifierId = queue.EnableNotifications(_plain).NotifierId;
        Assert.Equal([ServiceSok, new Received.NotifyStored(notifierId)], queue.Do(_holder, new NsubCommand()));
        Assert.Equal([notifierId], queue.Store.QueuesOf(Service));
        Assert.Equal(ServiceSok, queue.Do(_holder, new NsubCommand())[0]);
        Assert.Empty(queue.LastChanges);
        Assert.Equal(ServiceSok, queue.Do(_second, new NsubCommand())[0]);
        Assert.Equal([new Received.Taken(notifierId)], _holder.Take());

        queue.EnableNotifications(_plain);
        Assert.Equal([Event(notifierId, DeldResponse.Instance)], _second.Take());
        Assert.Empty(queue.Store.Counted);

        queue.Do(_second, new NsubCommand());
        queue.Tell(new QueueCommand.Disconnected(_second));
        queue.Services.Publish(Service, _holder);
        notifierId = queue.NotifierId;
        Assert.Equal(Sok, queue.Do(_plain, new NsubCommand())[0]);
        Assert.Equal([Event(notifierId, EndResponse.Instance)], _holder.Take());
        Assert.Empty(queue.Store.Counted);

        queue.Do(_second, new NsubCommand());
        queue.Tell(new QueueCommand.Disconnected(_second));
        queue.Do(_plain, new NdelCommand());
        Assert.Equal([Event(notifierId, DeldResponse.Instance)], _holder.Take());
        Assert.Empty(queue.Store.Counted);
    }

    [Fact]
    [Spec("S-298", "S-319")]
    public void A_notification_of_an_unattached_notifier_waits_and_is_mailed()
    {
        var queue = new TestQueue();
        EntityId notifierId = queue.EnableNotifications(_plain).NotifierId;
        queue.Do(_second, new NsubCommand());
        queue.Tell(new QueueCommand.Disconnected(_second));
        queue.Send(notify: true);
        Assert.Single(queue.Store.Notifications(notifierId));
        queue.Services.Publish(Service, _holder);
        queue.Send(notify: true);
        Assert.Equal([new Received.Mail(notifierId)], _holder.Take());

        queue.Tell(new QueueCommand.AttachNotifier(notifierId, _other, [], Answer: false));
        Assert.Empty(_other.Take());
        queue.Tell(new QueueCommand.AttachNotifier(notifierId, _holder, [], Answer: false));
        Assert.Equal([new Received.NotifyStored(notifierId)], _holder.Take());
        queue.Tell(new QueueCommand.NotificationsDelivered(notifierId));
        queue.Send(notify: true);
        Assert.IsType<Received.Notified>(Assert.Single(_holder.Take()));
        Assert.Empty(queue.Store.Notifications(notifierId));

        queue.Tell(new QueueCommand.AttachNotifier(notifierId, _second, [], Answer: true));
        Assert.Equal([new Received.AttachAnswered(notifierId, Failed: false)], _second.Take());
        queue.Tell(new QueueCommand.AttachNotifier(notifierId, _second, [_holder], Answer: true));
        Assert.Equal([new Received.NotifyStored(notifierId), new Received.AttachAnswered(notifierId, Failed: false)], _second.Take());
        Assert.Equal([new Received.Taken(notifierId)], _holder.Take());
    }

    [Fact]
    public void A_notification_that_a_lost_connection_gives_back_is_mailed()
    {
        var queue = new TestQueue();
        EntityId notifierId = queue.EnableNotifications(_plain).NotifierId;
        queue.Do(_second, new NsubCommand());
        queue.Send(notify: true);
        StoredNotification unsent = Assert.IsType<Received.Notified>(Assert.Single(_second.Take())).Notification;
        queue.Services.Publish(Service, _holder);
        queue.Tell(new QueueCommand.StoreNotification(notifierId, unsent));
        Assert.Empty(_holder.Take());
        queue.Tell(new QueueCommand.StoreNotification(notifierId, unsent, Gone: _second));
        Assert.Equal([new Received.Mail(notifierId)], _holder.Take());
        Assert.Null(queue.State!.Connections.NotifierSubscriber);
    }

    [Fact]
    [Spec("S-233", "S-323")]
    public void A_new_queue_belongs_to_the_service_of_its_creator()
    {
        var queue = new TestQueue(creator: _holder);
        Assert.Equal([queue.Id], queue.Store.QueuesOf(Service));
    }

    private static QueueCommand.AttachService AttachTo(TestConnection connection, TestQueue queue, bool answer = false, params ImmutableArray<ISubscriber> previous) =>
        new(queue.Id, connection, previous, answer);

    /// <summary>A queue of the service whose connection is gone.</summary>
    private TestQueue Unattached()
    {
        var queue = new TestQueue(creator: _holder);
        queue.Tell(new QueueCommand.Disconnected(_holder));
        return queue;
    }
}
