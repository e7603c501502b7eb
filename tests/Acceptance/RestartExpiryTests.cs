using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Messages grow old while a router is stopped.</summary>
public sealed class RestartExpiryTests
{
    [Fact]
    [Spec("S-284", "S-286", "S-428")]
    public async Task A_restarted_router_drops_exactly_the_old_messages()
    {
        using var folder = new TemporaryFolder();
        RecipientQueue queue;
        await using (TestRouter before = await TestRouter.StartAsync(folder.Path))
        {
            await using Peer owner = await before.ConnectAsync();
            queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
            await owner.Client.SendAsync(queue.Unsecured(), "old 1");
            await owner.Client.SendAsync(queue.Unsecured(), "old 2");
            // The time between old and new is also the time that a slow machine has to stop, start and deliver.
            await SystemClock.PassAsync(SystemClock.Now + TimeSpan.FromSeconds(21));
            await owner.Client.SendAsync(queue.Unsecured(), "new 1");
            await owner.Client.SendAsync(queue.Unsecured(), "new 2");
            await before.StopAsync(RouterProgram.Sigterm);
        }

        await using TestRouter after = await TestRouter.StartAsync(folder.Path, "queues.message_ttl=20 s", "queues.expiry_interval=1 s");
        await using Peer again = await after.ConnectAsync();
        await again.SizeAsync(queue, 2);
        await again.Client.SubscribeAsync(queue);
        Assert.Equal("new 1", await again.ReceiveAsync(queue));
        Assert.Equal("new 2", await again.ReceiveAsync(queue));
        Assert.Empty(await again.CloseAsync());
        queue.Dispose();
    }
}
