using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Connections that stall or are silent are ended; others notice nothing.</summary>
public sealed class TimeoutTests(TimeoutTests.ShortTimes fixture) : IClassFixture<TimeoutTests.ShortTimes>
{
    /// <summary>A router without patience; what clients do at once has time enough also on a slow machine.</summary>
    public sealed class ShortTimes : RouterFixture
    {
        protected override string[] Settings =>
            ["limits.block_timeout=1 s", "limits.smp_handshake_timeout=5 s", "inactive_clients.disconnect=on", "inactive_clients.ttl=5 s"];
    }

    [Fact]
    [Spec("S-325", "S-487")]
    public async Task A_block_that_never_ends_ends_the_connection()
    {
        await using Wire wire = await fixture.Router.ConnectWireAsync();
        await wire.Connection.SendRawAsync(new byte[Block.Length / 2], TestContext.Current.CancellationToken);
        await wire.EndedAsync();
        await using Peer other = await fixture.Router.ConnectAsync();
        await other.Client.PingAsync();
    }

    [Fact]
    [Spec("S-325", "S-487")]
    public async Task A_client_that_never_reads_is_dropped_and_others_are_served()
    {
        await using Peer other = await fixture.Router.ConnectAsync();

        // Who subscribes is never inactive, however long the last write below is stuck.
        using RecipientQueue queue = await other.Client.CreateQueueAsync();
        await using Wire wire = await fixture.Router.ConnectWireAsync();
        byte[][] pings = [.. Enumerable.Repeat(wire.Command("PING", default, null, EntityId.Empty), byte.MaxValue)];
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                // Ends with the connection: neither side has room for ever.
                await wire.SendAsync(pings).WaitAsync(TimeSpan.FromSeconds(60));
                await other.Client.PingAsync();
            }
        });
        await other.Client.PingAsync();
    }

    [Fact]
    [Spec("S-038")]
    public async Task A_client_that_never_says_hello_is_closed()
    {
        await using TlsStream stream = await fixture.Router.ConnectTlsAsync();
        byte[] hello = new byte[Block.Length];
        await stream.ReadExactlyAsync(hello, TestContext.Current.CancellationToken);
        await Ending.OfAsync(async () => await stream.ReadAsync(hello, TestContext.Current.CancellationToken) > 0);
    }

    [Fact]
    [Spec("S-262", "S-325", "S-335")]
    public async Task A_silent_client_without_subscriptions_is_disconnected()
    {
        await using Peer subscriber = await fixture.Router.ConnectAsync();
        using RecipientQueue queue = await subscriber.Client.CreateQueueAsync();
        await using Peer notifier = await fixture.Router.ConnectAsync();
        using QueueNotifications notifications = await subscriber.Client.EnableNotificationsAsync(queue);
        await notifier.Client.SubscribeAsync(notifications.Notifier);
        await using Peer getter = await fixture.Router.ConnectAsync();
        using RecipientQueue other = await getter.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await getter.Client.GetAsync(other);

        await getter.NextAsync<ConnectionClosed>();
        Assert.Empty(await subscriber.CloseAsync());
        Assert.Empty(await notifier.CloseAsync());
    }
}
