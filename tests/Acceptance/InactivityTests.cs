using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>What keeps a client connected. A client that does nothing tells the tests when the time is over.</summary>
public sealed class InactivityTests(InactivityTests.ShortTtl fixture) : IClassFixture<InactivityTests.ShortTtl>
{
    /// <summary>A router that drops silent clients soon.</summary>
    public sealed class ShortTtl : RouterFixture
    {
        protected override string[] Settings => ["limits.block_timeout=2 s", "inactive_clients.disconnect=on", "inactive_clients.ttl=6 s"];
    }

    private readonly TestRouter _router = fixture.Router;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-334", "S-335")]
    public async Task Every_block_counts_as_activity_even_one_that_does_not_decrypt()
    {
        await using Wire active = await _router.ConnectWireAsync();
        await using Peer silent = await _router.ConnectAsync();
        Task over = silent.NextAsync<ConnectionClosed>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            byte[] block = new byte[Block.Length];
            active.Connection.Encoder.Encode(block, 1);
            block.AsSpan().Fill(0xFF);
            await active.Connection.SendRawAsync(block, Cancellation);
            Assert.Equal(SmpError.Block, Assert.Single(await active.ReceiveAsync()).Error);
            await pace.WaitForNextTickAsync(Cancellation);
        }
        while (!over.IsCompleted);

        await over;
        Assert.IsType<PongResponse>(await active.AskAsync("PING"));
    }

    [Fact]
    [Spec("S-262", "S-335")]
    public async Task A_client_stays_until_its_last_subscription_ends()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue taken = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        using RecipientQueue kept = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        using QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(kept);
        await using Wire subscriber = await _router.ConnectWireAsync();
        await subscriber.AskAsync(
            subscriber.Command(SubCommand.Instance, taken.RecipientId, taken.Key),
            subscriber.Command(NsubCommand.Instance, notifications.Notifier.NotifierId, notifications.Notifier.Key));
        await using Peer other = await _router.ConnectAsync();
        await other.Client.SubscribeAsync(taken);
        Assert.IsType<EndResponse>(Assert.Single(await subscriber.ReceiveAsync()).Response);

        // The notifier's subscription alone keeps the client.
        await using (Peer silent = await _router.ConnectAsync())
        {
            await silent.NextAsync<ConnectionClosed>();
        }

        await using Peer last = await _router.ConnectAsync();
        await last.Client.SubscribeAsync(notifications.Notifier);
        Assert.IsType<EndResponse>(Assert.Single(await subscriber.ReceiveAsync()).Response);
        await subscriber.EndedAsync();
    }
}
