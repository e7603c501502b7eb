using System.Text;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Smp.Moving;

/// <summary>Clients that notice nothing while the shards of their queues move, again and again.</summary>
public sealed class RenewalEdgeTests(ITestOutputHelper output)
{
    private const int Queues = 12;
    private const int MessagesPerQueue = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public async Task Subscribers_receive_everything_once_and_in_order(int? fixedSeed)
    {
        await using MovingRouter router = await MovingRouter.StartAsync();
        await using SmpClient recipient = await router.ConnectAsync();
        RecipientQueue[] queues = await CreateAsync(recipient);
        await using var mover = new Mover(router, fixedSeed ?? Random.Shared.Next(), output);
        Task sending = SendAllAsync(router, queues);
        await ReceiveAllAsync(recipient, queues);
        await sending;
        await mover.DisposeAsync();
        Assert.Empty(await RestAsync(recipient));
    }

    [Fact]
    public async Task A_reader_acknowledges_what_it_got_before_the_queue_moved()
    {
        await using MovingRouter router = await MovingRouter.StartAsync();
        await using SmpClient recipient = await router.ConnectAsync();
        await using SmpClient sender = await router.ConnectAsync();
        RecipientQueue queue = await recipient.CreateQueueAsync(new NewQueue { Subscribe = false }, Token);
        for (int i = 0; i < 10; i++)
        {
            Ok(await sender.SendAsync(new SenderQueue(queue.SenderId), Text(i), cancellation: Token));
            ReceivedMessage? got = await recipient.GetAsync(queue, Token);
            await router.MoveAsync([.. Enumerable.Range(0, MovingRouter.Shards)], dropped: i % 2 == 0);
            Assert.Equal(Text(i), got!.Body.ToArray());
            Assert.IsType<OkResponse>(await recipient.AcknowledgeAsync(queue, got.Id, Token));
        }
    }

    [Fact]
    public async Task A_message_that_came_with_a_lost_answer_comes_again()
    {
        await using MovingRouter router = await MovingRouter.StartAsync();
        await using SmpClient recipient = await router.ConnectAsync();
        await using SmpClient sender = await router.ConnectAsync();
        RecipientQueue queue = await recipient.CreateQueueAsync(cancellation: Token);
        using var to = new SenderQueue(queue.SenderId);
        for (int i = 0; i < 2; i++)
        {
            Ok(await sender.SendAsync(to, Text(i), cancellation: Token));
        }

        await using IAsyncEnumerator<SmpEvent> events = recipient.Events.GetAsyncEnumerator(Token);
        MessageReceived first = await NextMessageAsync(events);
        router.LoseNextAcknowledgement();
        SmpResult<SmpResponse> unknown = await recipient.AcknowledgeAsync(first, Token).AsResult();
        Assert.IsType<StoreError>(unknown.Error);

        // As clients do that do not know how it ended.
        Assert.Equal(SmpError.NoMsg, (await recipient.AcknowledgeAsync(first, Token).AsResult()).Error);
        MessageReceived second = await NextMessageAsync(events);
        Assert.Equal(Text(1), second.Message.Body.ToArray());
        Assert.IsType<OkResponse>(await recipient.AcknowledgeAsync(second, Token));
    }

    [Fact]
    public async Task A_subscription_ends_once_however_often_the_queue_moves()
    {
        await using MovingRouter router = await MovingRouter.StartAsync();
        await using SmpClient first = await router.ConnectAsync();
        await using SmpClient second = await router.ConnectAsync();
        RecipientQueue[] queues = await CreateAsync(first);
        EntityId[] ids = [.. queues.Select(queue => queue.RecipientId)];
        await using IAsyncEnumerator<SmpEvent> ofFirst = first.Events.GetAsyncEnumerator(Token);
        await using IAsyncEnumerator<SmpEvent> ofSecond = second.Events.GetAsyncEnumerator(Token);
        await using (new Mover(router, 7, output))
        {
            for (int round = 0; round < 20; round++)
            {
                (SmpClient taking, IAsyncEnumerator<SmpEvent> losing) = round % 2 == 0 ? (second, ofFirst) : (first, ofSecond);
                foreach (RecipientQueue queue in queues)
                {
                    Assert.IsType<SokResponse>(await taking.SubscribeAsync(queue, Token));
                }

                Assert.Equal(ids.Select(id => new SubscriptionEnded(id)).ToHashSet<SmpEvent>(), await NextAsync(losing, Queues));
            }

            foreach (RecipientQueue queue in queues)
            {
                Assert.IsType<OkResponse>(await second.DeleteAsync(queue, Token));
            }

            Assert.Equal(ids.Select(id => new QueueDeleted(id)).ToHashSet<SmpEvent>(), await NextAsync(ofFirst, Queues));
        }

        foreach ((SmpClient client, IAsyncEnumerator<SmpEvent> events) in ((SmpClient, IAsyncEnumerator<SmpEvent>)[])[(first, ofFirst), (second, ofSecond)])
        {
            await client.PingAsync(Token);
            await client.PingAsync(Token);
            await client.DisposeAsync();
            Assert.True(await events.MoveNextAsync());
            Assert.IsType<ConnectionClosed>(events.Current);
        }
    }

    [Fact]
    public async Task The_holder_of_a_service_receives_everything_once_and_in_order()
    {
        await using MovingRouter router = await MovingRouter.StartAsync();
        (string certificates, string key) = await TestChain.CreatePemAsync(2, KeyAlgorithm.Ed25519, days: 30, Token);
        using ServiceCredentials credentials = ServiceCredentials.FromPem(certificates, key);
        var login = new ServiceLogin(ServiceRole.Messaging, credentials);
        RecipientQueue[] queues;
        await using (SmpClient creator = await router.ConnectAsync(login))
        {
            queues = await CreateAsync(creator);
        }

        await using SmpClient holder = await router.ConnectAsync(login);
        Array.ForEach(queues, holder.Know);
        Assert.Equal(Queues, (await holder.SubscribeServiceAsync(cancellation: Token)).Count);
        await using var mover = new Mover(router, 3, output);
        Task sending = SendAllAsync(router, queues);
        int delivered = await ReceiveAllAsync(holder, queues);
        await sending;
        await mover.DisposeAsync();
        SmpEvent[] rest = await RestAsync(holder);
        Assert.All(rest, one => Assert.IsType<ServiceDelivered>(one));
        Assert.Equal(1, delivered + rest.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_could_not_leave_its_service_leaves_it_later(bool ends)
    {
        await using MovingRouter router = await MovingRouter.StartAsync();
        (string certificates, string key) = await TestChain.CreatePemAsync(2, KeyAlgorithm.Ed25519, days: 30, Token);
        using ServiceCredentials credentials = ServiceCredentials.FromPem(certificates, key);
        var login = new ServiceLogin(ServiceRole.Messaging, credentials);
        Task left = router.NextLeaveAsync();
        RecipientQueue free;
        await using (SmpClient creator = await router.ConnectAsync(login))
        {
            free = await creator.CreateQueueAsync(cancellation: Token);
        }

        await left;
        await using SmpClient first = await router.ConnectAsync(login);
        RecipientQueue taken = await first.CreateQueueAsync(cancellation: Token);
        await using SmpClient second = await router.ConnectAsync(login);
        second.Know(free);
        router.RefuseNextLeave();
        left = router.NextLeaveAsync();
        if (ends)
        {
            await second.CreateQueueAsync(cancellation: Token);
            await first.DisposeAsync();
        }
        else
        {
            await second.SubscribeAsync(taken, Token);
        }

        await left;
        await using SmpClient sender = await router.ConnectAsync();
        Ok(await sender.SendAsync(new SenderQueue(free.SenderId), Text(1), cancellation: Token));
        await using IAsyncEnumerator<SmpEvent> events = second.Events.GetAsyncEnumerator(Token);
        Assert.Equal(free.RecipientId, (await NextMessageAsync(events)).Queue.RecipientId);
    }

    private static byte[] Text(int number) => Encoding.ASCII.GetBytes(number.ToString("D6", System.Globalization.CultureInfo.InvariantCulture));

    private static void Ok(SmpResponse response) => Assert.IsType<OkResponse>(response);

    private static async Task<RecipientQueue[]> CreateAsync(SmpClient client)
    {
        var queues = new RecipientQueue[Queues];
        for (int i = 0; i < Queues; i++)
        {
            queues[i] = await client.CreateQueueAsync(cancellation: Token);
        }

        return queues;
    }

    private static async Task SendAllAsync(MovingRouter router, RecipientQueue[] queues)
    {
        await using SmpClient sender = await router.ConnectAsync();
        await Task.WhenAll(queues.Select(async queue =>
        {
            using var to = new SenderQueue(queue.SenderId);
            for (int i = 0; i < MessagesPerQueue; i++)
            {
                Ok(await sender.SendAsync(to, Text(i), cancellation: Token));
            }
        }));
    }

    /// <summary>Receives and acknowledges all messages of all queues; any other order, loss or repetition fails.</summary>
    /// <returns>How often the connection was told that all that was stored has come.</returns>
    private static async Task<int> ReceiveAllAsync(SmpClient client, RecipientQueue[] queues)
    {
        var next = queues.ToDictionary(queue => queue.RecipientId, _ => 0);
        int left = Queues * MessagesPerQueue;
        int delivered = 0;
        await foreach (SmpEvent one in client.Events.WithCancellation(Token))
        {
            if (one is ServiceDelivered)
            {
                delivered++;
                continue;
            }

            MessageReceived received = Assert.IsType<MessageReceived>(one);
            int number = next[received.Queue.RecipientId]++;
            Assert.Equal(Encoding.ASCII.GetString(Text(number)), Encoding.ASCII.GetString(received.Message.Body.Span));
            await client.AcknowledgeAsync(received, Token);
            if (--left == 0)
            {
                break;
            }
        }

        return delivered;
    }

    private static async Task<MessageReceived> NextMessageAsync(IAsyncEnumerator<SmpEvent> events)
    {
        Assert.True(await events.MoveNextAsync());
        return Assert.IsType<MessageReceived>(events.Current);
    }

    private static async Task<HashSet<SmpEvent>> NextAsync(IAsyncEnumerator<SmpEvent> events, int count)
    {
        var next = new HashSet<SmpEvent>();
        for (int i = 0; i < count; i++)
        {
            Assert.True(await events.MoveNextAsync());
            Assert.True(next.Add(events.Current), $"{events.Current} came twice");
        }

        return next;
    }

    /// <summary>Events that nobody took, after everything the router had to say by now.</summary>
    private static async Task<SmpEvent[]> RestAsync(SmpClient client)
    {
        await client.PingAsync(Token);
        await client.PingAsync(Token);
        await client.DisposeAsync();
        var rest = new List<SmpEvent>();
        await foreach (SmpEvent one in client.Events.WithCancellation(Token))
        {
            if (one is ConnectionClosed)
            {
                break;
            }

            rest.Add(one);
        }

        return [.. rest];
    }

    /// <summary>Moves shards until it is disposed of.</summary>
    private sealed class Mover : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _moving;
        private readonly ITestOutputHelper _output;
        private int _moves;

        public Mover(MovingRouter router, int seed, ITestOutputHelper output)
        {
            _output = output;
            output.WriteLine($"seed {seed}");
            _moving = Task.Run(() => MoveAsync(router, new Random(seed)));
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _moving;
            _output.WriteLine($"{_moves} moves");
            Assert.NotEqual(0, _moves);
        }

        private async Task MoveAsync(MovingRouter router, Random random)
        {
            while (!_end.IsCancellationRequested)
            {
                int[] shards = [.. Enumerable.Range(0, MovingRouter.Shards).Where(_ => random.Next(2) == 0)];
                await (random.Next(4) switch
                {
                    0 => router.SuspendAsync(shards),
                    1 => router.MoveAsync(shards, dropped: true),
                    _ => router.MoveAsync(shards, dropped: false),
                });
                _moves++;
                await Task.Yield();
            }
        }
    }
}
