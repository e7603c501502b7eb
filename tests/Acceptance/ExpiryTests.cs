using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Old messages go away when the router is told to look for them.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan PastOneSecond = TimeSpan.FromSeconds(3);

    [Fact]
    [Spec("S-284", "S-286", "S-433")]
    public async Task Old_messages_expire_with_the_next_message_and_not_without_it()
    {
        using var folder = new TemporaryFolder();
        await using TestRouter router = await TestRouter.StartAsync(
            folder.Path, "queues.message_ttl=1 s", "queues.expire_on_send=on", "queues.expiry_interval=1 hour");
        await using Peer owner = await router.ConnectAsync();
        using RecipientQueue expired = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        using RecipientQueue kept = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await owner.Client.SendAsync(expired.Unsecured(), "old");
        await owner.Client.SendAsync(kept.Unsecured(), "old");
        await SystemClock.PassAsync(SystemClock.Now + PastOneSecond);

        await owner.Client.SendAsync(expired.Unsecured(), "new");
        await owner.Client.SubscribeAsync(expired);
        Assert.Equal("new", await owner.ReceiveAsync(expired));
        await owner.Client.SubscribeAsync(kept);
        Assert.Equal("old", await owner.ReceiveAsync(kept));
        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-284", "S-433")]
    public async Task Old_messages_expire_when_the_interval_is_over()
    {
        using var folder = new TemporaryFolder();
        await using TestRouter router = await TestRouter.StartAsync(folder.Path, "queues.message_ttl=1 s", "queues.expiry_interval=1 s");
        await using Peer owner = await router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await owner.Client.SendAsync(queue.Unsecured(), "old");
        await owner.SizeAsync(queue, 0);
        await owner.Client.SubscribeAsync(queue);
        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-285", "S-284")]
    public async Task A_full_queue_whose_messages_expired_takes_messages_again()
    {
        using var folder = new TemporaryFolder();
        await using TestRouter router = await TestRouter.StartAsync(
            folder.Path, "queues.message_ttl=4 s", "queues.expiry_interval=1 s", "queues.message_quota=1");
        await using Peer owner = await router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await owner.Client.SendAsync(queue.Unsecured(), "old");
        await owner.SizeAsync(queue, 0);
        await owner.Client.SendAsync(queue.Unsecured(), "new");
        await owner.SizeAsync(queue, 0);

        // With its marker the queue is not empty: expiry takes neither the marker nor the state that it stands for.
        await owner.Client.SendAsync(queue.Unsecured(), "old");
        Assert.Equal(SmpError.Quota, await owner.Client.SendAsync(queue.Unsecured(), "over").ErrorAsync());
        await owner.SizeAsync(queue, 1);
        Assert.Equal(SmpError.Quota, await owner.Client.SendAsync(queue.Unsecured(), "over").ErrorAsync());
        await owner.Client.SubscribeAsync(queue);
        ReceivedMessage marker = await owner.MessageAsync(queue);
        Assert.True(marker.IsQuotaMarker);
        await owner.Client.AcknowledgeAsync(queue, marker.Id);
        await owner.Client.SendAsync(queue.Unsecured(), "after");
        Assert.Equal("after", await owner.ReceiveAsync(queue));
    }
}
