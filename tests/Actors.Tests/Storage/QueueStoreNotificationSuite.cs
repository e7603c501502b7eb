using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Suite: waiting notifications.</summary>
public abstract class QueueStoreNotificationSuite : QueueStoreSuite
{
    private const long Now = 1_700_000_000;

    private static readonly EntityId Queue = EntityId.Random();

    [Fact]
    [Spec("S-296", "S-375")]
    public async Task Notifications_wait_in_order_and_survive_a_restart()
    {
        EntityId notifier = EntityId.Random();
        StoredNotification[] sent = [.. Enumerable.Range(0, 5).Select(_ => Samples.Notification())];
        await AddAsync(notifier, keep: 10, sent);
        await AddAsync(EntityId.Random(), keep: 10, Samples.Notification());
        await ReopenAsync();

        await AssertWaitingAsync(notifier, sent);
        await CommitAsync(Samples.Set(Queue, new QueueChange.DeleteNotifications(notifier)));
        await AssertWaitingAsync(notifier);
    }

    [Fact]
    [Spec("S-484")]
    public async Task Only_the_newest_notifications_are_kept()
    {
        EntityId notifier = EntityId.Random();
        EntityId other = EntityId.Random();
        StoredNotification[] sent = [.. Enumerable.Range(0, 9).Select(_ => Samples.Notification())];
        StoredNotification foreign = Samples.Notification();
        await AddAsync(other, keep: 4, foreign);
        await AddAsync(notifier, keep: 4, sent);
        await AssertWaitingAsync(notifier, sent[^4..]);
        await AssertWaitingAsync(other, foreign);
    }

    [Fact]
    [Spec("S-297")]
    public async Task Old_notifications_expire()
    {
        var fresh = new Dictionary<EntityId, StoredNotification>();
        for (int i = 0; i < 30; i++)
        {
            EntityId notifier = EntityId.Random();
            fresh[notifier] = Samples.Notification(Now);
            await AddAsync(notifier, 1_000, [.. Enumerable.Range(0, 100).Select(_ => Samples.Notification(Now - 1)), fresh[notifier]]);
        }

        Assert.Equal(3_000, await Store.ExpireNotificationsAsync(Now, Cancellation));
        Assert.Equal(0, await Store.ExpireNotificationsAsync(Now, Cancellation));
        foreach ((EntityId notifier, StoredNotification left) in fresh)
        {
            await AssertWaitingAsync(notifier, left);
        }
    }

    [Fact]
    [Spec("S-297")]
    public async Task Old_notifications_expire_behind_any_number_of_younger_ones()
    {
        EntityId notifier = EntityId.Random();
        StoredNotification[] young = [.. Enumerable.Range(0, StoreLimits.NotificationScanRows + 1).Select(_ => Samples.Notification(Now))];
        await AddAsync(notifier, 10_000, young);
        await AddAsync(notifier, 10_000, Samples.Notification(Now - 1));
        Assert.Equal(1, await Store.ExpireNotificationsAsync(Now, Cancellation));
        await AssertWaitingAsync(notifier, young);
    }

    private async Task AddAsync(EntityId notifier, int keep, params StoredNotification[] notifications) =>
        await CommitAsync(Samples.Set(Queue, [.. notifications.Select(one => (QueueChange)new QueueChange.AddNotification(notifier, one, keep))]));

    private async Task AssertWaitingAsync(EntityId notifier, params StoredNotification[] expected)
    {
        IReadOnlyList<StoredNotification> waiting = await Store.ReadNotificationsAsync(notifier, Cancellation);
        Assert.Equal(expected.Select(Plain), waiting.Select(Plain));
        Assert.Equal(expected.Select(one => Convert.ToHexString(one.EncryptedMeta.Span)), waiting.Select(one => Convert.ToHexString(one.EncryptedMeta.Span)));

        static StoredNotification Plain(StoredNotification notification) => notification with { EncryptedMeta = default };
    }
}
