using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>A router that was stopped continues with everything that it had confirmed.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData(RouterProgram.Sigterm)]
    [InlineData(RouterProgram.Sigint)]
    [Spec("S-274", "S-297", "S-301", "S-308", "S-393", "S-395", "S-426")]
    public async Task Everything_is_there_after_a_restart(int signal)
    {
        using var folder = new TemporaryFolder();
        var link = new LinkData("fixed"u8.ToArray(), "user"u8.ToArray());
        using var senderKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        RouterAddress address;
        RecipientQueue secured, contact, deleted;
        await using (TestRouter before = await TestRouter.StartAsync(folder.Path))
        {
            address = before.Address;
            await using Peer owner = await before.ConnectAsync();
            secured = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false, Key = PrivateKey.Generate(KeyAlgorithm.X25519) });
            contact = await owner.Client.CreateQueueAsync(
                new NewQueue { Mode = QueueMode.Contact, Link = link, LinkId = Protocol.Encoding.EntityId.Random() });
            deleted = await owner.Client.CreateQueueAsync();
            await owner.Client.DeleteAsync(deleted);
            var sender = new SenderQueue(secured.SenderId, senderKey);
            await owner.Client.SecureAsync(sender);
            await owner.Client.EnableNotificationsAsync(secured);
            for (int i = 0; i < 5; i++)
            {
                await owner.Client.SendAsync(sender, $"message {i}", notify: i == 3);
            }

            await before.StopAsync(signal);
            await owner.NextAsync<ConnectionClosed>();
        }

        await using TestRouter after = await TestRouter.StartAsync(folder.Path);
        Assert.Equal(address with { Port = null }, after.Address with { Port = null });
        await using Peer again = await after.ConnectAsync();
        await again.Client.SubscribeAsync(secured);
        ReceivedMessage third = await ReceiveFiveAsync(again, secured);
        await again.Client.SubscribeAsync(secured.Notifications!.Notifier);
        var notified = await again.NextAsync<NotificationReceived>();
        Assert.Equal(third.Id, secured.Notifications.TryOpen(notified.Notification)!.MessageId);
        await again.Client.SendAsync(new SenderQueue(secured.SenderId, senderKey), "after");
        Assert.Equal("after", await again.ReceiveAsync(secured));
        Assert.Equal(SmpError.Auth, await again.Client.SendAsync(secured.Unsecured(), "unsigned").ErrorAsync());
        Assert.Equal(SmpError.Auth, await again.Client.SubscribeAsync(deleted).ErrorAsync());
        ResolvedLink resolved = await again.Client.GetLinkAsync(contact.LinkId!.Value);
        Assert.Equal(contact.SenderId, resolved.Queue.SenderId);
        resolved.Data.AssertIs(link);
        Assert.Empty(await again.CloseAsync());
    }

    [Fact]
    [Spec("S-274", "S-280", "S-282", "S-427")]
    public async Task A_full_queue_keeps_its_order_and_its_marker_over_two_restarts()
    {
        using var folder = new TemporaryFolder();
        RecipientQueue queue;
        await using (TestRouter first = await TestRouter.StartAsync(folder.Path, "queues.message_quota=4"))
        {
            await using Peer owner = await first.ConnectAsync();
            queue = await owner.Client.CreateQueueAsync();
            for (int i = 1; i <= 4; i++)
            {
                await owner.Client.SendAsync(queue.Unsecured(), $"{i}");
            }

            Assert.Equal(SmpError.Quota, await owner.Client.SendAsync(queue.Unsecured(), "5").ErrorAsync());
            Assert.Equal("1", (await owner.MessageAsync(queue)).Text());
            await first.StopAsync(RouterProgram.Sigterm);
        }

        await using (TestRouter second = await TestRouter.StartAsync(folder.Path, "queues.message_quota=4"))
        {
            await using Peer owner = await second.ConnectAsync();
            await owner.Client.SubscribeAsync(queue);
            Assert.Equal("1", await owner.ReceiveAsync(queue));
            Assert.Equal("2", await owner.ReceiveAsync(queue));
            Assert.Equal("3", (await owner.MessageAsync(queue)).Text());
            await second.StopAsync(RouterProgram.Sigterm);
        }

        await using TestRouter third = await TestRouter.StartAsync(folder.Path, "queues.message_quota=4");
        await using Peer last = await third.ConnectAsync();
        await last.Client.SubscribeAsync(queue);
        Assert.Equal("3", await last.ReceiveAsync(queue));
        Assert.Equal("4", await last.ReceiveAsync(queue));
        Assert.Equal(SmpError.Quota, await last.Client.SendAsync(queue.Unsecured(), "5").ErrorAsync());
        Assert.Equal("QUOTA", await last.ReceiveAsync(queue));
        await last.Client.SendAsync(queue.Unsecured(), "6");
        Assert.Equal("6", await last.ReceiveAsync(queue));
        queue.Dispose();
    }

    [Theory]
    [InlineData(RouterProgram.Sigterm)]
    [InlineData(RouterProgram.Sigint)]
    [Spec("S-336", "S-395", "S-492")]
    public async Task What_was_confirmed_while_the_router_stopped_is_there(int signal)
    {
        const int Messages = 100;
        using var folder = new TemporaryFolder();
        RecipientQueue queue;
        int confirmed;
        await using (TestRouter before = await TestRouter.StartAsync(folder.Path))
        {
            await using Peer owner = await before.ConnectAsync();
            queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
            var sending = Enumerable.Range(0, Messages)
                .Select(i => owner.Client.SendAsync(queue.Unsecured(), $"{i}").AsResult().AsTask())
                .ToList();
            await sending[0];
            await before.StopAsync(signal);
            SmpResult<Protocol.Smp.Responses.SmpResponse>[] results = await Task.WhenAll(sending);
            confirmed = results.Count(result => result.Succeeded);
            Assert.All(results.Take(confirmed), result => Assert.True(result.Succeeded));
            Assert.All(results.Skip(confirmed), result => Assert.IsType<ConnectionLost>(result.Failure));
        }

        await using TestRouter after = await TestRouter.StartAsync(folder.Path);
        await using Peer again = await after.ConnectAsync();
        await again.Client.SubscribeAsync(queue);
        for (int i = 0; i < confirmed; i++)
        {
            Assert.Equal($"{i}", await again.ReceiveAsync(queue));
        }

        queue.Dispose();
    }

    [Fact]
    [Spec("S-377")]
    public async Task Nobody_is_subscribed_after_a_restart_and_nothing_counts_as_delivered()
    {
        using var folder = new TemporaryFolder();
        RecipientQueue queue;
        QueueNotifications notifications;
        ReceivedMessage delivered;
        await using (TestRouter before = await TestRouter.StartAsync(folder.Path))
        {
            await using Peer owner = await before.ConnectAsync();
            queue = await owner.Client.CreateQueueAsync();
            notifications = await owner.Client.EnableNotificationsAsync(queue);
            await owner.Client.SubscribeAsync(notifications.Notifier);
            await owner.Client.SendAsync(queue.Unsecured(), "first");
            delivered = await owner.MessageAsync(queue);
            await before.StopAsync(RouterProgram.Sigterm);
        }

        await using TestRouter after = await TestRouter.StartAsync(folder.Path);
        await using Peer again = await after.ConnectAsync();
        await again.Client.SendAsync(queue.Unsecured(), "second", notify: true);
        Assert.Equal(SmpError.NoMsg, await again.Client.AcknowledgeAsync(queue, delivered.Id).ErrorAsync());
        QueueInfo info = await again.Client.GetInfoAsync(queue);
        Assert.Equal((2, null), (info.Size, info.Subscription));
        Assert.Empty(await again.CloseAsync());
        notifications.Dispose();
        queue.Dispose();
    }

    private static async Task<ReceivedMessage> ReceiveFiveAsync(Peer owner, RecipientQueue queue)
    {
        var messages = new List<ReceivedMessage>();
        for (int i = 0; i < 5; i++)
        {
            ReceivedMessage message = await owner.MessageAsync(queue);
            messages.Add(message);
            await owner.Client.AcknowledgeAsync(queue, message.Id);
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"message {i}"), messages.Select(message => message.Text()));
        return messages[3];
    }
}
