using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Clients that ask for more at once than they take.</summary>
public sealed class BackPressureTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    /// <summary>Far more than the sockets of both sides hold.</summary>
    private const int MostBlocks = 10_000;

    private readonly TestRouter _router = fixture.Router;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A write that lasts longer is blocked. One that is only slow makes the test weaker, not wrong.</summary>
    private static TimeSpan LongWrite => TimeSpan.FromSeconds(3);

    [Fact]
    [Spec("S-326")]
    public async Task Who_takes_no_answers_is_read_no_further_and_gets_all_of_them_later()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        EntityId[] correlations = [.. Enumerable.Range(0, byte.MaxValue).Select(i => new EntityId([(byte)i]))];
        byte[][] pings = [.. correlations.Select(correlation => wire.Command("PING", default, null, correlation))];
        int sent = 0;
        Task sending;
        do
        {
            sending = wire.SendAsync(pings);
            Assert.True(++sent < MostBlocks, "The router reads on although nobody takes its answers.");
        }
        while (await Task.WhenAny(sending, Task.Delay(LongWrite, Cancellation)) == sending);

        for (int i = 0; i < sent; i++)
        {
            Assert.Equal(correlations, (await wire.ReceiveAsync()).Select(answer => answer.Correlation));
        }

        await sending;
        Assert.IsType<PongResponse>(await wire.AskAsync("PING"));
    }

    [Fact]
    [Spec("S-267", "S-326", "S-333")]
    public async Task Messages_that_find_no_room_come_when_the_subscriber_reads_again()
    {
        // Twelve megabytes and more: what neither side's socket takes has to wait in the router.
        const int Queues = 800;
        await using Peer owner = await _router.ConnectAsync();
        await using Peer sender = await _router.ConnectAsync();
        RecipientQueue[] queues = await CreateAsync(owner, Queues);
        await using Wire subscriber = await _router.ConnectWireAsync();
        foreach (RecipientQueue[] some in queues.Chunk(100))
        {
            IReadOnlyList<Answer> answers = await subscriber.AskAsync([.. some.Select(queue => Sub(subscriber, queue))]);
            Assert.All(answers, answer => Assert.IsType<SokResponse>(answer.Response));
        }

        // The senders wait for nobody.
        await Task.WhenAll(queues.Select(queue => sender.Client.SendAsync(queue.Unsecured(), "message").AsTask()));
        var received = new HashSet<EntityId>();
        while (received.Count < Queues)
        {
            Answer answer = Assert.Single(await subscriber.ReceiveAsync());
            Assert.IsType<MsgResponse>(answer.Response);
            Assert.True(received.Add(answer.Entity));
        }

        Assert.IsType<PongResponse>(await subscriber.AskAsync("PING"));
    }

    [Fact]
    [Spec("S-110")]
    public async Task Messages_and_answers_of_many_sources_reach_the_socket_in_the_order_of_their_encryption()
    {
        const int Senders = 4;
        const int Rounds = 50;
        await using Peer owner = await _router.ConnectAsync();
        RecipientQueue[] queues = await CreateAsync(owner, Senders);
        await using Wire wire = await _router.ConnectWireAsync();
        await wire.AskAsync([.. queues.Select(queue => Sub(wire, queue))]);
        Task sending = Task.WhenAll(queues.Select(SendAsync));

        // A block that is out of order does not decrypt, and every block after it neither.
        int messages = 0;
        int pongs = 0;
        int asked = 0;
        while (messages < Senders * Rounds)
        {
            await wire.SendAsync(wire.Command("PING"));
            asked++;
            foreach (Answer answer in await wire.ReceiveAsync())
            {
                pongs += answer.Response is PongResponse ? 1 : 0;
                if (answer.Response is MsgResponse message)
                {
                    messages++;
                    RecipientQueue queue = queues.Single(queue => queue.RecipientId == answer.Entity);
                    await wire.SendAsync(wire.Command(new AckCommand(message.MessageId), queue.RecipientId, queue.Key));
                }
            }
        }

        await sending;
        for (; pongs < asked; pongs += (await wire.ReceiveAsync()).Count(answer => answer.Response is PongResponse))
        {
        }

        async Task SendAsync(RecipientQueue queue)
        {
            await using Peer sender = await _router.ConnectAsync();
            for (int i = 0; i < Rounds; i++)
            {
                await sender.Client.SendAsync(queue.Unsecured(), "message");
            }
        }
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [Spec("S-126", "S-332", "S-476")]
    public async Task Three_confirmations_and_not_four_share_a_block_with_a_message(int subscriptions, int blocks)
    {
        await using Peer owner = await _router.ConnectAsync();
        RecipientQueue[] queues = await CreateAsync(owner, subscriptions);
        await owner.Client.SendAsync(queues[0].Unsecured(), "message");
        await using Wire wire = await _router.ConnectWireAsync();
        await wire.SendAsync([.. queues.Select(queue => Sub(wire, queue))]);
        var received = new List<IReadOnlyList<Answer>>();
        for (int i = 0; i < blocks; i++)
        {
            received.Add(await wire.ReceiveAsync());
        }

        Type[] expected = [.. Enumerable.Repeat(typeof(SokResponse), subscriptions), typeof(MsgResponse)];
        Assert.Equal(expected, received.SelectMany(block => block).Select(answer => answer.Response.GetType()));
        Assert.Equal(subscriptions + 1 - (blocks - 1), received[^1].Count);
    }

    [Fact]
    [Spec("S-263", "S-332", "S-333", "S-501")]
    public async Task Many_queues_are_subscribed_without_a_refusal_confirmed_first_and_then_served_one_message_a_block()
    {
        const int Queues = 400;
        const int PerBlock = 100;
        await using Peer owner = await _router.ConnectAsync();
        RecipientQueue[] queues = await CreateAsync(owner, Queues);
        await Task.WhenAll(queues.Select(queue => owner.Client.SendAsync(queue.Unsecured(), "message").AsTask()));
        await using Wire wire = await _router.ConnectWireAsync();
        foreach (RecipientQueue[] some in queues.Chunk(PerBlock))
        {
            await wire.SendAsync([.. some.Select(queue => Sub(wire, queue))]);
            var answers = new List<Answer>();
            while (answers.Count < 2 * PerBlock)
            {
                IReadOnlyList<Answer> block = await wire.ReceiveAsync();
                Assert.True(block.Count(answer => answer.Response is MsgResponse) <= 1);
                answers.AddRange(block);
            }

            Assert.Equal(some.Select(queue => (queue.RecipientId, (SmpResponse)SokResponse.Plain)), answers.Take(PerBlock).Select(answer => (answer.Entity, answer.Response)));
            Assert.All(answers.Skip(PerBlock), answer => Assert.IsType<MsgResponse>(answer.Response));
            Assert.Equal(some.Select(queue => queue.RecipientId).ToHashSet(), answers.Skip(PerBlock).Select(answer => answer.Entity).ToHashSet());
        }
    }

    private static Task<RecipientQueue[]> CreateAsync(Peer owner, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false }).AsTask()));

    private static byte[] Sub(Wire wire, RecipientQueue queue) => wire.Command(SubCommand.Instance, queue.RecipientId, queue.Key);
}
