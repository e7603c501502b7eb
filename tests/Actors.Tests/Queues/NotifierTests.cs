using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class NotifierTests
{
    private readonly TestConnection _owner = new("owner");
    private readonly TestConnection _first = new("first notifier");
    private readonly TestConnection _second = new("second notifier");
    private readonly TestQueue _queue = new();

    [Fact]
    [Spec("S-293", "S-430")]
    public void NKEY_always_makes_new_credentials_and_ends_the_previous()
    {
        EntityId previous = _queue.EnableNotifications(_owner).NotifierId;
        Assert.Equal(2, _queue.Record.KeysVersion);
        _queue.Send(notify: true);
        _queue.Do(_first, new NsubCommand());
        EntityId next = _queue.EnableNotifications(_owner).NotifierId;
        Assert.NotEqual(previous, next);
        Assert.Equal(3, _queue.Record.KeysVersion);
        Assert.Equal([Event(previous, DeldResponse.Instance)], _first.Take());
        Assert.Empty(_queue.Store.Notifications(previous));
        Assert.Equal(Error(SmpError.Internal), new Received.Answer(Assert.IsType<QueueEffect.Reply>(Assert.Single(_queue.LastConflict)).Response));
        Assert.Equal([Auth], _queue.Do(_first, new NsubCommand(), entityId: previous));
    }

    [Fact]
    [Spec("S-295", "S-430", "S-500")]
    public void The_newest_notification_subscriber_wins()
    {
        EntityId notifier = _queue.EnableNotifications(_owner).NotifierId;
        Assert.Equal([Sok, new Received.NotifyStored(notifier)], _queue.Do(_first, new NsubCommand()));
        Assert.Equal([Sok, new Received.NotifyStored(notifier)], _queue.Do(_first, new NsubCommand()));
        Assert.Equal([Sok, new Received.NotifyStored(notifier)], _queue.Do(_second, new NsubCommand()));
        Assert.Equal(new QueueEffect.Subscribed(_second, _queue.Id, notifier, 3), _queue.LastEffects[1]);
        Assert.Equal([Event(notifier, EndResponse.Instance)], _first.Take());
        _queue.Send(notify: true);
        Assert.IsType<Received.Notified>(Assert.Single(_second.Take()));
        Assert.Empty(_first.Take());
    }

    [Fact]
    [Spec("S-296", "S-195", "S-430")]
    public void A_subscribed_notifier_is_told_at_once_with_encrypted_metadata()
    {
        EntityId notifier = _queue.EnableNotifications(_owner).NotifierId;
        _queue.Do(_first, new NsubCommand());
        EntityId sent = _queue.Send(notify: true);
        var told = Assert.IsType<Received.Notified>(Assert.Single(_first.Take()));
        Assert.Equal(notifier, told.NotifierId);
        Assert.Equal(24, told.Notification.Nonce.Length);
        Assert.Equal(144, told.Notification.EncryptedMeta.Length);
        Assert.Empty(_queue.Store.Notifications(notifier));

        byte[] meta = told.Notification.EncryptedMeta.ToArray();
        var key = new BoxKey(_queue.Record.Notifier!.DhSecret.AsSpan());
        Assert.True(NotificationMeta.TryDecrypt(meta, key, told.Notification.Nonce.Bytes, out EntityId messageId, out long timestamp));
        Assert.Equal(sent, messageId);
        Assert.Equal(_queue.Now.ToUnixTimeSeconds(), timestamp);
    }

    [Fact]
    [Spec("S-283", "S-296")]
    public void There_is_no_notification_without_flag_or_notifier_or_over_the_quota()
    {
        _queue.Send(notify: true);
        Assert.Single(_queue.LastChanges);
        EntityId notifier = _queue.EnableNotifications(_owner).NotifierId;
        _queue.Send(notify: false);
        Assert.Empty(_queue.Store.Notifications(notifier));

        var full = new TestQueue(options: new QueueOptions { QuotaMessages = 1 });
        notifier = full.EnableNotifications(_owner).NotifierId;
        full.Send(notify: true);
        full.Send(notify: true, answer: QuotaError);
        full.Send(notify: true, answer: QuotaError);
        Assert.Single(full.Store.Notifications(notifier));
    }

    [Fact]
    [Spec("S-297", "S-299", "S-484", "S-375")]
    public void Notifications_wait_for_their_notifier_in_bounded_number()
    {
        EntityId notifier = _queue.EnableNotifications(_owner).NotifierId;
        EntityId[] sent = [.. Enumerable.Range(0, 128).Select(_ => _queue.Send(notify: true))];
        Assert.Equal(sent, _queue.Store.Notifications(notifier).Select(n => n.MessageId));
        var given = new StoredNotification(EntityId.Random(), 5, EntityId.Random(), new byte[144]);
        _queue.Tell(new QueueCommand.StoreNotification(notifier, given));
        Assert.Equal([.. sent[1..], given.MessageId], _queue.Store.Notifications(notifier).Select(n => n.MessageId));

        _queue.Tell(new QueueCommand.NotificationsDelivered(notifier));
        Assert.Empty(_queue.Store.Notifications(notifier));
    }

    [Fact]
    [Spec("S-294", "S-258", "S-430")]
    public void NDEL_ends_notifications()
    {
        Assert.Equal([Ok], _queue.Do(_owner, new NdelCommand()));
        Assert.Empty(_queue.LastChanges);
        EntityId notifier = _queue.EnableNotifications(_owner).NotifierId;
        _queue.Send(notify: true);
        _queue.Do(_first, new NsubCommand());
        Assert.Equal([Ok], _queue.Do(_owner, new NdelCommand()));
        Assert.Equal([Event(notifier, DeldResponse.Instance)], _first.Take());
        Assert.Empty(_queue.Store.Notifications(notifier));
        Assert.Equal(3, _queue.Record.KeysVersion);

        _queue.Send(notify: true);
        Assert.Empty(_first.Take());
        _queue.Tell(new QueueCommand.StoreNotification(notifier, new StoredNotification(EntityId.Random(), 5, EntityId.Random(), new byte[144])));
        _queue.Tell(new QueueCommand.NotificationsDelivered(notifier));
        Assert.Empty(_queue.LastChanges);
        _queue.EnableNotifications(_owner);
        Assert.Equal(Sok, _queue.Do(_first, new NsubCommand())[0]);
    }

    [Fact]
    [Spec("S-258")]
    public void The_connection_that_ends_its_own_notifications_is_not_told()
    {
        _queue.EnableNotifications(_owner);
        _queue.Do(_owner, new NsubCommand());
        Assert.Equal([Ok], _queue.Do(_owner, new NdelCommand()));
        Assert.Null(_queue.State!.Connections.NotifierSubscriber);
    }

    [Fact]
    [Spec("S-261", "S-296")]
    public void After_the_notifier_disconnected_notifications_wait()
    {
        EntityId notifier = _queue.EnableNotifications(_owner).NotifierId;
        _queue.Do(_first, new NsubCommand());
        _queue.Tell(new QueueCommand.Disconnected(_first));
        EntityId sent = _queue.Send(notify: true);
        Assert.Equal([sent], _queue.Store.Notifications(notifier).Select(n => n.MessageId));
        _queue.Reload();
        Assert.Equal([Sok, new Received.NotifyStored(notifier)], _queue.Do(_first, new NsubCommand()));
    }

    [Fact]
    [Spec("S-246", "S-295")]
    public void NSUB_works_on_a_blocked_queue()
    {
        _queue.EnableNotifications(_owner);
        _queue.Tell(new QueueCommand.Block(new BlockingInfo(BlockingReason.Spam), new TestStatus()));
        Assert.Equal(Sok, _queue.Do(_first, new NsubCommand())[0]);
    }
}
