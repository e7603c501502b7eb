using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Clients that are too fast are slowed down, and disturb nobody else.</summary>
public sealed class RateLimitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Spec("S-488")]
    public async Task A_connection_over_its_rate_is_slow_and_nothing_of_it_is_refused()
    {
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path, "limits.connection_send=20 per second, burst 1");
        await using Peer owner = await router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => $"{i}")];
        foreach (string text in texts)
        {
            await owner.Client.SendAsync(queue.Unsecured(), text);
        }

        foreach (string text in texts)
        {
            Assert.Equal(text, await owner.ReceiveAsync(queue));
        }

        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-488")]
    public async Task A_slowed_connection_holds_up_no_other_and_no_stop()
    {
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path, "limits.connection_new=1 per minute, burst 1");
        await using Peer fast = await router.ConnectAsync();
        await using Peer other = await router.ConnectAsync();
        using RecipientQueue first = await fast.Client.CreateQueueAsync();
        Task<SmpResponse> ping = fast.Client.PingAsync().AsTask();
        for (int i = 0; i < 10; i++)
        {
            await other.Client.PingAsync();
        }

        using RecipientQueue second = await other.Client.CreateQueueAsync();
        Assert.False(ping.IsCompleted);
        await router.StopAsync(RouterProgram.Sigterm);
        await Assert.ThrowsAsync<SmpException>(() => ping);
    }

    [Fact]
    [Spec("S-488")]
    public async Task Connections_of_one_address_share_a_rate_and_what_was_received_is_answered_at_a_stop()
    {
        await using TestRouter router = await TestRouter.StartAsync(
            _folder.Path, "limits.trusted_addresses=", "limits.address_new=1 per minute, burst 2");
        await using Peer first = await router.ConnectAsync();
        await using Peer second = await router.ConnectAsync();
        using RecipientQueue one = await first.Client.CreateQueueAsync();
        using RecipientQueue two = await second.Client.CreateQueueAsync();
        Task<RecipientQueue> waiting = second.Client.CreateQueueAsync().AsTask();
        for (int i = 0; i < 10; i++)
        {
            await first.Client.PingAsync();
        }

        await using (Wire leaving = await router.ConnectWireAsync())
        {
            await leaving.SendAsync(New(leaving), leaving.Command("PING"));
        }

        await first.Client.PingAsync();
        Assert.False(waiting.IsCompleted);
        await router.StopAsync(RouterProgram.Sigterm);
        using RecipientQueue three = await waiting;
    }

    [Fact]
    [Spec("S-488")]
    public async Task An_address_has_so_many_connections_and_no_more()
    {
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path, "limits.trusted_addresses=", "limits.address_connections=2");
        await using Peer first = await router.ConnectAsync();
        Peer second = await router.ConnectAsync();
        await using (second)
        {
            await Assert.ThrowsAsync<SmpException>(() => router.ConnectAsync());
            await first.Client.PingAsync();
            await second.Client.PingAsync();
        }

        await using Peer third = await ConnectWhenThereIsRoomAsync(router);
        await third.Client.PingAsync();
        await router.StopAsync(RouterProgram.Sigterm);
        string log = await router.Program.ErrorsAsync();
        Assert.Contains("was refused because its address has too many", log);
        Assert.DoesNotContain("127.0.0.1", log);
    }

    [Fact]
    [Spec("S-488")]
    public async Task Connections_of_one_address_come_at_a_rate()
    {
        await using TestRouter router = await TestRouter.StartAsync(
            _folder.Path, "limits.trusted_addresses=", "limits.address_connecting=1 per minute, burst 2");
        await using Peer first = await router.ConnectAsync();
        await using Peer second = await router.ConnectAsync();
        await Assert.ThrowsAsync<SmpException>(() => router.ConnectAsync());
        await first.Client.PingAsync();
    }

    [Fact]
    [Spec("S-488")]
    public async Task By_default_a_client_may_subscribe_to_thousands_of_queues_at_once()
    {
        const int Queues = 2000;
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path);
        await using Peer creator = await router.ConnectAsync();
        RecipientQueue[] queues = await Task.WhenAll(
            Enumerable.Range(0, Queues).Select(_ => creator.Client.CreateQueueAsync(new NewQueue { Subscribe = false }).AsTask()));
        await using Peer phone = await router.ConnectAsync();
        SmpResponse[] answers = await Task.WhenAll(queues.Select(queue => phone.Client.SubscribeAsync(queue).AsTask()));
        Assert.All(answers, answer => Assert.IsType<SokResponse>(answer));
        foreach (RecipientQueue queue in queues)
        {
            queue.Dispose();
        }
    }

    /// <summary>The router hears of the end of a connection some time after its client.</summary>
    private static async Task<Peer> ConnectWhenThereIsRoomAsync(TestRouter router)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await router.ConnectAsync();
            }
            catch (SmpException) when (!giveUp.IsCancellationRequested)
            {
                // Still counted; asking again is how a client finds out.
            }
        }
    }

    private static byte[] New(Wire wire)
    {
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        return wire.Command(new NewCommand(key.Public, dhKey.Public, null, Subscribe: true, QueueMode.Messaging, null, null), default, key);
    }
}
