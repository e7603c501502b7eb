using SimplexActors.Acceptance.Hostile;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Services;

/// <summary>Notification routers as services.</summary>
public sealed class ServiceNotificationTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Fact]
    [Spec("S-146", "S-164", "S-165", "S-185", "S-294", "S-295", "S-310", "S-311", "S-312", "S-313", "S-319", "S-321", "S-324", "S-431")]
    public async Task A_notification_service_is_told_of_messages_on_whichever_connection_has_the_notifier()
    {
        using TestService service = await TestService.CreateAsync(ServiceRole.Notifier);
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
        await using Wire wire = await service.ConnectWireAsync(_router);
        Assert.Equal(SmpError.Service, await wire.ErrorAsync(wire.Command(NsubCommand.Instance, notifications.Notifier.NotifierId, notifications.Notifier.Key)));

        await using Peer first = await service.ConnectAsync(_router);
        EntityId id = first.Client.Service!.ServiceId;
        Assert.Equal(new SokResponse(id), await first.Client.SubscribeAsync(notifications.Notifier));
        Assert.Equal(new SokResponse(id), await first.Client.SubscribeAsync(notifications.Notifier));
        await NotifyAsync(owner, queue, first, notifications);

        await using Peer second = await service.ConnectAsync(_router);
        Assert.Equal(new SokResponse(id), await second.Client.SubscribeAsync(notifications.Notifier));
        Assert.Equal(TestService.Queues(notifications.Notifier.NotifierId), (await first.NextAsync<ServiceEnded>()).Had);
        await NotifyAsync(owner, queue, second, notifications);

        await owner.Client.DisableNotificationsAsync(queue);
        Assert.Equal(notifications.Notifier.NotifierId, (await second.NextAsync<QueueDeleted>()).Entity);
        await owner.Client.SendAsync(queue.Unsecured(), "unheard", notify: true);
        await owner.ReceiveAsync(queue);
        QueueNotifications anew = await owner.Client.EnableNotificationsAsync(queue);
        Assert.Equal(new SokResponse(id), await second.Client.SubscribeAsync(anew.Notifier));
        using RecipientQueue another = await owner.Client.CreateQueueAsync();
        QueueNotifications others = await owner.Client.EnableNotificationsAsync(another);
        Assert.Equal(new SokResponse(id), await second.Client.SubscribeAsync(others.Notifier));
        await NotifyAsync(owner, queue, second, anew);
        await NotifyAsync(owner, another, second, others);

        first.Client.Know(anew.Notifier);
        first.Client.Know(others.Notifier);
        ServiceQueues both = TestService.Queues(anew.Notifier.NotifierId, others.Notifier.NotifierId);
        Assert.Equal(both, await first.Client.SubscribeServiceAsync(both));
        Assert.Equal(both, (await second.NextAsync<ServiceEnded>()).Had);
        await NotifyAsync(owner, queue, first, anew);
        await NotifyAsync(owner, another, first, others);
        Assert.Empty(await first.CloseAsync());
        Assert.Empty(await second.CloseAsync());
    }

    [Fact]
    [Spec("S-299", "S-310", "S-319", "S-323", "S-373", "S-375", "S-432")]
    public async Task Notifiers_of_a_service_survive_two_restarts()
    {
        using var folder = new TemporaryFolder();
        using TestService service = await TestService.CreateAsync(ServiceRole.Notifier);
        RecipientQueue queue;
        QueueNotifications notifications;
        await using (TestRouter router = await TestRouter.StartAsync(folder.Path))
        {
            await using Peer owner = await router.ConnectAsync();
            queue = await owner.Client.CreateQueueAsync();
            notifications = await owner.Client.EnableNotificationsAsync(queue);
            var facts = new ProcessFacts(router.Program.Id);
            long sockets = facts.Sockets;
            await using Peer notifier = await service.ConnectAsync(router);
            await notifier.Client.SubscribeAsync(notifications.Notifier);
            await NotifyAsync(owner, queue, notifier, notifications);
            await notifier.CloseAsync();

            // What is sent before the router knows of the end goes to a connection that is gone.
            await Eventually.AtMostAsync(sockets, () => facts.Sockets, "sockets of the router");
            await owner.Client.SendAsync(queue.Unsecured(), "nobody there", notify: true);
            await router.StopAsync(RouterProgram.Sigterm);
        }

        for (int restart = 0; restart < 2; restart++)
        {
            await using TestRouter router = await TestRouter.StartAsync(folder.Path);
            await using Peer owner = await router.ConnectAsync();
            await using Peer notifier = await service.ConnectAsync(router);
            notifier.Client.Know(notifications.Notifier);
            Assert.Equal(TestService.Queues(notifications.Notifier.NotifierId), await notifier.Client.SubscribeServiceAsync());
            await owner.Client.SubscribeAsync(queue);
            if (restart == 0)
            {
                ReceivedMessage kept = await owner.MessageAsync(queue);
                await owner.Client.AcknowledgeAsync(queue, kept.Id);
                Assert.Equal(kept.Id, notifications.TryOpen((await notifier.NextAsync<NotificationReceived>()).Notification)!.MessageId);
            }

            await NotifyAsync(owner, queue, notifier, notifications);
            await router.StopAsync(RouterProgram.Sigterm);
        }
    }

    [Fact]
    [Spec("S-293", "S-310", "S-311", "S-323", "S-324")]
    public async Task A_notifier_leaves_its_service()
    {
        using TestService service = await TestService.CreateAsync(ServiceRole.Notifier);
        await using Peer owner = await _router.ConnectAsync();
        await using Peer plain = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
        await using (Peer first = await service.ConnectAsync(_router))
        {
            await first.Client.SubscribeAsync(notifications.Notifier);
        }

        await using Peer holder = await service.ConnectAsync(_router);
        Assert.Equal(1, (await holder.Client.SubscribeServiceAsync()).Count);
        Assert.Equal(SokResponse.Plain, await plain.Client.SubscribeAsync(notifications.Notifier));
        Assert.Equal(notifications.Notifier.NotifierId, (await holder.NextAsync<SubscriptionEnded>()).Entity);
        Assert.Equal(TestService.Queues(), await holder.Client.SubscribeServiceAsync());
        await NotifyAsync(owner, queue, plain, notifications);

        await holder.Client.SubscribeAsync(notifications.Notifier);
        Assert.Equal(notifications.Notifier.NotifierId, (await plain.NextAsync<SubscriptionEnded>()).Entity);
        await owner.Client.EnableNotificationsAsync(queue);
        Assert.Equal(notifications.Notifier.NotifierId, (await holder.NextAsync<QueueDeleted>()).Entity);
        Assert.Equal(TestService.Queues(), await holder.Client.SubscribeServiceAsync());
        Assert.Empty(await holder.CloseAsync());
    }

    private static async Task NotifyAsync(Peer owner, RecipientQueue queue, Peer notifier, QueueNotifications notifications)
    {
        await owner.Client.SendAsync(queue.Unsecured(), "loud", notify: true);
        ReceivedMessage message = await owner.MessageAsync(queue);
        await owner.Client.AcknowledgeAsync(queue, message.Id);
        var received = await notifier.NextAsync<NotificationReceived>();
        Assert.Equal(notifications.Notifier.NotifierId, received.Notifier.NotifierId);
        Assert.Equal(message.Id, notifications.TryOpen(received.Notification)!.MessageId);
    }
}
