using SimplexActors.Acceptance.Hostile;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Notifiers learn that messages arrive.</summary>
public sealed class NotificationTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(20)]
    [Spec("S-258", "S-293", "S-294", "S-295", "S-296", "S-430", "S-500")]
    public async Task A_notifier_is_told_of_messages_until_it_is_replaced_or_deleted(int version)
    {
        await using Peer owner = await _router.ConnectAsync(version);
        await using Peer first = await _router.ConnectAsync(version);
        await using Peer second = await _router.ConnectAsync(version);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        QueueNotifications replaced = await owner.Client.EnableNotificationsAsync(queue);
        using QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
        Assert.NotEqual(replaced.Notifier.NotifierId, notifications.Notifier.NotifierId);
        Assert.Equal(Protocol.Smp.Errors.SmpError.Auth, await first.Client.SubscribeAsync(replaced.Notifier).ErrorAsync());
        await first.Client.SubscribeAsync(notifications.Notifier);
        await first.Client.SubscribeAsync(notifications.Notifier);

        await owner.Client.SendAsync(queue.Unsecured(), "quiet");
        await owner.ReceiveAsync(queue);
        await owner.Client.SendAsync(queue.Unsecured(), "loud", notify: true);
        ReceivedMessage loud = await owner.MessageAsync(queue);
        await owner.Client.AcknowledgeAsync(queue, loud.Id);
        Assert.Equal(loud.Id, notifications.TryOpen((await first.NextAsync<NotificationReceived>()).Notification)!.MessageId);

        await second.Client.SubscribeAsync(notifications.Notifier);
        Assert.Equal(notifications.Notifier.NotifierId, (await first.NextAsync<SubscriptionEnded>()).Entity);
        await owner.Client.SendAsync(queue.Unsecured(), "loud again", notify: true);
        await owner.ReceiveAsync(queue);
        await second.NextAsync<NotificationReceived>();

        await owner.Client.DisableNotificationsAsync(queue);
        Assert.Equal(notifications.Notifier.NotifierId, await EndOfAsync(second, version));
        await owner.Client.SendAsync(queue.Unsecured(), "unheard", notify: true);
        await owner.ReceiveAsync(queue);
        QueueNotifications anew = await owner.Client.EnableNotificationsAsync(queue);
        await second.Client.SubscribeAsync(anew.Notifier);
        await owner.Client.SendAsync(queue.Unsecured(), "heard", notify: true);
        ReceivedMessage heard = await owner.MessageAsync(queue);
        Assert.Equal(heard.Id, anew.TryOpen((await second.NextAsync<NotificationReceived>()).Notification)!.MessageId);
        Assert.Empty(await first.CloseAsync());
        Assert.Empty(await second.CloseAsync());
    }

    [Fact]
    [Spec("S-297", "S-298", "S-299")]
    public async Task Notifications_wait_for_their_notifier_and_come_in_their_order_once()
    {
        using var folder = new TemporaryFolder();
        await using TestRouter router = await TestRouter.StartAsync(folder.Path);
        await using Peer owner = await router.ConnectAsync();
        var facts = new ProcessFacts(router.Program.Id);
        long sockets = facts.Sockets;
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        using QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
        for (int round = 0; round < 2; round++)
        {
            List<EntityId> sent = await SendLoudAsync(3);
            await using Peer notifier = await router.ConnectAsync();
            await notifier.Client.SubscribeAsync(notifications.Notifier);
            foreach (EntityId id in sent)
            {
                Assert.Equal(id, notifications.TryOpen((await notifier.NextAsync<NotificationReceived>()).Notification)!.MessageId);
            }

            Assert.Empty(await notifier.CloseAsync());
            await Eventually.AtMostAsync(sockets, () => facts.Sockets, "sockets of the router");
        }

        // What waits for a notifier that is replaced is nobody's.
        await SendLoudAsync(3);
        using QueueNotifications anew = await owner.Client.EnableNotificationsAsync(queue);
        await using Peer next = await router.ConnectAsync();
        await next.Client.SubscribeAsync(anew.Notifier);
        Assert.Empty(await next.CloseAsync());

        async Task<List<EntityId>> SendLoudAsync(int count)
        {
            var sent = new List<EntityId>();
            for (int i = 0; i < count; i++)
            {
                await owner.Client.SendAsync(queue.Unsecured(), "loud", notify: true);
                ReceivedMessage message = await owner.MessageAsync(queue);
                await owner.Client.AcknowledgeAsync(queue, message.Id);
                sent.Add(message.Id);
            }

            return sent;
        }
    }

    [Fact]
    [Spec("S-121", "S-123", "S-296", "S-444")]
    public async Task Eighty_notifications_fill_a_block()
    {
        const int Messages = 81;
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
        for (int i = 0; i < Messages; i++)
        {
            await owner.Client.SendAsync(queue.Unsecured(), "loud", notify: true);
        }

        await using Wire notifier = await _router.ConnectWireAsync();
        await notifier.SendAsync(notifier.Command(NsubCommand.Instance, notifications.Notifier.NotifierId, notifications.Notifier.Key));
        var counts = new List<int>();
        for (int received = 0; received <= Messages; received += counts[^1])
        {
            counts.Add((await notifier.ReceiveAsync()).Count);
        }

        Assert.Equal(Messages + 1, counts.Sum());
        Assert.Equal(80, counts.Max());
    }

    private static async Task<EntityId> EndOfAsync(Peer peer, int version) => version < SmpVersion.DeletedEvent
        ? (await peer.NextAsync<SubscriptionEnded>()).Entity
        : (await peer.NextAsync<QueueDeleted>()).Entity;
}
