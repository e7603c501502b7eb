using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Who gets the messages of a queue, on one connection and when another takes over.</summary>
public sealed class SubscriptionTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(16)]
    [InlineData(20)]
    [Spec("S-257", "S-258", "S-269", "S-274", "S-418", "S-500")]
    public async Task The_newest_subscriber_takes_over_at_once(int version)
    {
        await using Peer first = await _router.ConnectAsync(version);
        await using Peer second = await _router.ConnectAsync(version);
        await using Peer sender = await _router.ConnectAsync(version);
        using RecipientQueue queue = await first.Client.CreateQueueAsync();
        await sender.Client.SendAsync(queue.Unsecured(), "one");
        ReceivedMessage unacknowledged = await first.MessageAsync(queue);

        await second.Client.SubscribeAsync(queue);
        Assert.Equal(unacknowledged.Id, (await second.MessageAsync(queue)).Id);
        Assert.Equal(queue.RecipientId, (await first.NextAsync<SubscriptionEnded>()).Entity);
        await second.Client.AcknowledgeAsync(queue, unacknowledged.Id);
        await sender.Client.SendAsync(queue.Unsecured(), "two");
        ReceivedMessage next = await second.MessageAsync(queue);
        Assert.Equal("two", next.Text());
        Assert.Equal(SmpError.NoMsg, await first.Client.AcknowledgeAsync(queue, next.Id).ErrorAsync());
        await second.Client.AcknowledgeAsync(queue, next.Id);

        await first.Client.DeleteAsync(queue);
        SmpEvent gone = version < SmpVersion.DeletedEvent ? await second.NextAsync<SubscriptionEnded>() : await second.NextAsync<QueueDeleted>();
        Assert.Equal(queue.RecipientId, (gone as SubscriptionEnded)?.Entity ?? ((QueueDeleted)gone).Entity);
        Assert.Empty(await first.CloseAsync());
        Assert.Empty(await second.CloseAsync());
    }

    [Fact]
    [Spec("S-268")]
    public async Task Who_sends_to_a_queue_of_its_own_has_the_message_before_the_answer()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await using Wire wire = await _router.ConnectWireAsync();
        Assert.IsType<SokResponse>(await wire.AskAsync("SUB", queue.RecipientId, queue.Key));
        for (int i = 0; i < 30; i++)
        {
            IReadOnlyList<Answer> answers = [.. await wire.AskAsync(wire.Command("SEND F mine", queue.SenderId), wire.Command("PING"))];
            if (answers.Count < 3)
            {
                answers = [.. answers, .. await wire.ReceiveAsync(3 - answers.Count)];
            }

            MsgResponse message = Assert.IsType<MsgResponse>(answers[0].Response);
            Assert.True(answers[0].Correlation.IsEmpty);
            Assert.IsType<OkResponse>(answers[1].Response);
            var acknowledge = new AckCommand(message.MessageId);
            Assert.IsType<OkResponse>(Assert.Single(await wire.AskAsync(wire.Command(acknowledge, queue.RecipientId, queue.Key))).Response);
        }
    }

    [Fact]
    [Spec("S-257", "S-258", "S-259", "S-500")]
    public async Task The_end_of_a_subscription_comes_before_the_next_answers()
    {
        await using Peer first = await _router.ConnectAsync();
        await using Peer second = await _router.ConnectAsync();
        await using Peer third = await _router.ConnectAsync();
        using RecipientQueue queue = await first.Client.CreateQueueAsync();
        await second.Client.SubscribeAsync(queue);
        Assert.Equal([new SubscriptionEnded(queue.RecipientId)], await first.CloseAsync());
        await third.Client.DeleteAsync(queue);
        Assert.Equal([new QueueDeleted(queue.RecipientId)], await second.CloseAsync());
    }

    [Fact]
    [Spec("S-251", "S-333", "S-415")]
    public async Task The_first_messages_of_many_queues_all_arrive_once()
    {
        const int Queues = 200;
        await using Peer owner = await _router.ConnectAsync();
        RecipientQueue[] queues = await Task.WhenAll(
            Enumerable.Range(0, Queues).Select(_ => owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false }).AsTask()));
        byte[] body = new byte[SmpSizes.MaxBodyBytes];
        await Task.WhenAll(queues.Select(queue => owner.Client.SendAsync(queue.Unsecured(), body).AsTask()));

        await using Peer subscriber = await _router.ConnectAsync();
        Assert.Empty(await subscriber.Client.SubscribeAsync(queues));
        var received = new HashSet<EntityId>();
        while (received.Count < Queues)
        {
            var message = await subscriber.NextAsync<MessageReceived>();
            Assert.True(received.Add(message.Queue.RecipientId));
            Assert.Equal(body, message.Message.Body.ToArray());
        }

        Assert.Empty(await subscriber.CloseAsync());
    }

    [Theory]
    [InlineData(6, 20)]
    [InlineData(20, 6)]
    [InlineData(9, 16)]
    [Spec("S-276", "S-290")]
    public async Task Clients_of_different_versions_exchange_their_largest_messages(int from, int to)
    {
        await using Peer owner = await _router.ConnectAsync(to);
        await using Peer sender = await _router.ConnectAsync(from);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        byte[] body = new byte[sender.Client.MaxBodyBytes];
        body.AsSpan().Fill((byte)from);
        await sender.Client.SendAsync(queue.Unsecured(), body);
        Assert.Equal(body, (await owner.MessageAsync(queue)).Body.ToArray());
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(20, true)]
    [Spec("S-084", "S-251", "S-458")]
    public async Task A_subscription_is_confirmed_as_the_version_says_it(int version, bool sok)
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await using Wire wire = await _router.ConnectWireAsync(version);
        Assert.Equal(sok ? SokResponse.Plain : OkResponse.Instance, await wire.AskAsync("SUB", queue.RecipientId, queue.Key));
    }

    [Fact]
    [Spec("S-252", "S-274")]
    public async Task A_repeated_subscription_delivers_the_first_message_again()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        await owner.Client.SendAsync(queue.Unsecured(), "one");
        ReceivedMessage message = await owner.MessageAsync(queue);
        await owner.Client.SubscribeAsync(queue);
        Assert.Equal(message.Id, (await owner.MessageAsync(queue)).Id);
        await owner.Client.AcknowledgeAsync(queue, message.Id);
        Assert.Empty(await owner.CloseAsync());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(20)]
    [Spec("S-417")]
    public async Task Two_queues_make_a_conversation(int version)
    {
        await using Peer alice = await _router.ConnectAsync(version);
        await using Peer bob = await _router.ConnectAsync(version);
        using RecipientQueue toAlice = await alice.Client.CreateQueueAsync();
        using RecipientQueue toBob = await bob.Client.CreateQueueAsync();
        using var fromBob = new SenderQueue(toAlice.SenderId, PrivateKey.Generate(KeyAlgorithm.X25519));
        using var fromAlice = new SenderQueue(toBob.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        await bob.Client.SecureAsync(fromBob);
        await alice.Client.SecureAsync(fromAlice);
        for (int i = 0; i < 10; i++)
        {
            await bob.Client.SendAsync(fromBob, $"question {i}");
            Assert.Equal($"question {i}", await alice.ReceiveAsync(toAlice));
            await alice.Client.SendAsync(fromAlice, $"answer {i}");
            Assert.Equal($"answer {i}", await bob.ReceiveAsync(toBob));
        }
    }

    [Fact]
    [Spec("S-265")]
    public async Task A_message_to_oneself_comes_besides_its_confirmation()
    {
        await using Wire wire = await _router.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        var create = new NewCommand(key.Public, dhKey.Public, null, Subscribe: true, QueueMode.Messaging, null, null);
        var ids = Assert.IsType<IdsResponse>(Assert.Single(await wire.AskAsync(wire.Command(create, EntityId.Empty, key))).Response);
        await wire.SendAsync(wire.Command("SEND F hello", ids.SenderId));
        IReadOnlyList<Answer> answers = await wire.ReceiveAsync(2);
        Assert.Single(answers, answer => answer is { Response: OkResponse } && answer.Entity == ids.SenderId);
        Assert.Single(answers, answer => answer is { Response: MsgResponse, Correlation.IsEmpty: true } && answer.Entity == ids.RecipientId);
    }

    [Fact]
    [Spec("S-415", "S-461")]
    public async Task Fifty_queues_move_from_connection_to_connection()
    {
        const int Queues = 50;
        var owned = new List<(IdsResponse Ids, PrivateKey Key)>();
        await using (Wire creator = await _router.ConnectWireAsync())
        {
            for (int i = 0; i < Queues; i++)
            {
                var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
                using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
                var create = new NewCommand(key.Public, dhKey.Public, null, Subscribe: true, QueueMode.Messaging, null, null);
                Answer answer = Assert.Single(await creator.AskAsync(creator.Command(create, EntityId.Empty, key, EntityId.Empty)));
                owned.Add((Assert.IsType<IdsResponse>(answer.Response), key));
            }
        }

        await using Wire second = await _router.ConnectWireAsync();
        await SubscribeAllAsync(second);
        await using Wire third = await _router.ConnectWireAsync();
        await SubscribeAllAsync(third);
        IReadOnlyList<Answer> ends = await second.ReceiveAsync(Queues);
        Assert.All(ends, end => Assert.IsType<EndResponse>(end.Response));
        Assert.Equal(owned.Select(queue => queue.Ids.RecipientId).ToHashSet(), ends.Select(end => end.Entity).ToHashSet());

        async Task SubscribeAllAsync(Wire wire)
        {
            IReadOnlyList<Answer> answers = await wire.AskAsync(
                [.. owned.Select(queue => wire.Command("SUB", queue.Ids.RecipientId, queue.Key, EntityId.Empty))]);
            Assert.Equal(
                owned.Select(queue => new Answer(EntityId.Empty, queue.Ids.RecipientId, SokResponse.Plain)), answers);
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(20)]
    [Spec("S-243", "S-244", "S-255", "S-264", "S-277", "S-414")]
    public async Task A_suspended_queue_gives_what_it_has_and_a_deleted_one_nothing(int version)
    {
        await using Peer owner = await _router.ConnectAsync(version);
        await using Peer sender = await _router.ConnectAsync(version);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        using var secured = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        await owner.Client.SecureAsync(queue, secured.Key!.Public);
        await sender.Client.SendAsync(secured, "one");
        await sender.Client.SendAsync(secured, "two");
        ReceivedMessage one = await owner.MessageAsync(queue);
        await owner.Client.AcknowledgeAsync(queue, one.Id);
        ReceivedMessage two = await owner.MessageAsync(queue);
        Assert.Equal(("one", "two"), (one.Text(), two.Text()));

        Assert.Equal(SmpError.Auth, await owner.Client.ExecuteAsync(OffCommand.Instance, queue.RecipientId, secured.Key).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.ExecuteAsync(OffCommand.Instance, queue.SenderId, queue.Key).ErrorAsync());
        await owner.Client.SuspendAsync(queue);
        await owner.Client.SuspendAsync(queue);
        Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(secured, "three").ErrorAsync());
        Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(queue.Unsecured(), "three").ErrorAsync());
        Assert.Equal(SmpError.LargeMsg, await sender.Client.SendAsync(secured, new byte[sender.Client.MaxBodyBytes + 1]).ErrorAsync());
        await owner.Client.SubscribeAsync(queue);
        Assert.Equal(two.Id, (await owner.MessageAsync(queue)).Id);

        Assert.Equal(SmpError.Auth, await owner.Client.ExecuteAsync(DelCommand.Instance, queue.RecipientId, secured.Key).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.ExecuteAsync(DelCommand.Instance, queue.SenderId, queue.Key).ErrorAsync());
        await owner.Client.DeleteAsync(queue);
        Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(secured, "three").ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.AcknowledgeAsync(queue, two.Id).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.AcknowledgeAsync(queue, EntityId.Empty).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.SubscribeAsync(queue).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.SuspendAsync(queue).ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.DeleteAsync(queue).ErrorAsync());
        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-332", "S-414", "S-458")]
    public async Task A_stored_message_shares_a_block_with_the_answer_to_the_subscription()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await owner.Client.SendAsync(queue.Unsecured(), "stored");
        await using Wire wire = await _router.ConnectWireAsync();
        await wire.SendAsync(wire.Command("SUB", queue.RecipientId, queue.Key));
        IReadOnlyList<Answer> block = await wire.ReceiveAsync();
        Assert.Equal([typeof(SokResponse), typeof(MsgResponse)], block.Select(answer => answer.Response.GetType()));
        Assert.True(block[1].Correlation.IsEmpty);
    }
}
