using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Client.Tests;

/// <summary>Creating queues, keeping their handles, subscribing to many.</summary>
public class QueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(20)]
    [Spec("S-142", "S-145", "S-188", "S-232")]
    public async Task A_created_queue_reads_messages_that_come_with_its_ids(int version)
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(new SmpClientOptions { MaxVersion = (ushort)version });
        await using SmpClient closed = client;
        using var routerKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        SmpCall<RecipientQueue> creating = client.CreateQueueAsync(cancellation: Cancellation);
        FakeCommand command = await session.ReceiveAsync();
        var asked = Assert.IsType<NewCommand>(command.Command);
        Assert.True(asked.Subscribe);
        Assert.Equal("secret", asked.BasicAuth);
        Assert.True(command.Entity.IsEmpty);

        // In one block: the message must find its queue although nobody has seen the handle yet.
        EntityId recipientId = EntityId.Random();
        EntityId senderId = EntityId.Random();
        Assert.True(BoxKey.TryAgree(routerKey, asked.RecipientDhKey, out BoxKey secret));
        EntityId messageId = EntityId.Random();
        byte[] body = new byte[SmpSizes.EncryptedBodyBytes];
        MessageBody.EncryptQuotaMarker(body, secret, messageId.Bytes, 1_700_000_000);
        await session.SendAsync((
            command.Correlation,
            EntityId.Empty,
            new IdsResponse(recipientId, senderId, routerKey.Public, version < 9 ? null : QueueMode.Messaging, null, null, null)));
        await session.SendEventAsync(recipientId, new MsgResponse(messageId, body));

        RecipientQueue queue = await creating;
        Assert.Equal(recipientId, queue.RecipientId);
        Assert.Equal(senderId, queue.SenderId);
        Assert.Equal(asked.RecipientKey, queue.Key.Public);
        Assert.Equal(version < 9 ? null : QueueMode.Messaging, queue.Mode);
        await using IAsyncEnumerator<SmpEvent> events = client.Events.GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        var received = Assert.IsType<MessageReceived>(events.Current);
        Assert.Same(queue, received.Queue);
        Assert.True(received.Message.IsQuotaMarker);
    }

    [Fact]
    [Spec("S-172", "S-229")]
    public async Task A_queue_with_a_link_has_a_sender_id_made_of_the_correlation_id()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var routerKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        using var notifierKey = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        EntityId linkId = EntityId.Random();
        EntityId notifierId = EntityId.Random();
        SmpCall<RecipientQueue> creating = client.CreateQueueAsync(
            new NewQueue
            {
                Mode = QueueMode.Contact,
                Subscribe = false,
                Link = new LinkData("fixed"u8.ToArray(), "user"u8.ToArray()),
                LinkId = linkId,
                NotifierKey = notifierKey,
                Password = "other",
            },
            Cancellation);
        FakeCommand command = await session.ReceiveAsync();
        var asked = Assert.IsType<NewCommand>(command.Command);
        Assert.Equal(ProtocolHash.SenderId(command.Correlation.Bytes), asked.Link!.SenderId);
        Assert.Equal(linkId, asked.Link.LinkId);
        Assert.Equal(QueueMode.Contact, asked.Mode);
        Assert.Equal("other", asked.BasicAuth);
        Assert.False(asked.Subscribe);
        Assert.Equal(notifierKey.Public, asked.Notifier!.NotifierKey);
        await session.SendAsync((
            command.Correlation,
            EntityId.Empty,
            new IdsResponse(
                EntityId.Random(), asked.Link.SenderId, routerKey.Public, QueueMode.Contact, linkId, null, new NotifierIds(notifierId, routerKey.Public))));
        RecipientQueue queue = await creating;
        Assert.Equal(linkId, queue.LinkId);
        Assert.Equal(notifierId, queue.Notifications!.Notifier.NotifierId);
    }

    [Fact]
    [Spec("S-083", "S-085")]
    public async Task What_the_version_cannot_say_is_not_sent()
    {
        await using var router = new FakeRouter(new VersionRange(6, 14));
        (SmpClient client, _) = await router.ConnectAsync();
        await using SmpClient closed = client;
        SmpResult<RecipientQueue> result = await client.CreateQueueAsync(new NewQueue { Link = new LinkData(default, default) }, Cancellation).AsResult();
        Assert.Equal(new VersionTooLow(SmpCommandTag.NEW, 15), result.Failure);
    }

    [Theory]
    [InlineData(KeyAlgorithm.Ed25519)]
    [InlineData(KeyAlgorithm.Ed448)]
    [InlineData(KeyAlgorithm.X25519)]
    public void Handles_can_be_stored(KeyAlgorithm algorithm)
    {
        using RecipientQueue queue = Samples.Queue(algorithm);
        queue.Notifications = new QueueNotifications(
            new NotifierQueue(EntityId.Random(), PrivateKey.Generate(algorithm)), [.. Samples.Secret]);
        byte[] stored = queue.Export();
        using RecipientQueue? again = RecipientQueue.TryImport(stored);
        Assert.NotNull(again);
        Assert.Equal(queue.RecipientId, again.RecipientId);
        Assert.Equal(queue.SenderId, again.SenderId);
        Assert.Equal(queue.Mode, again.Mode);
        Assert.Equal(queue.Key.Public, again.Key.Public);
        Assert.Equal(queue.Notifications.Notifier.Key.Public, again.Notifications!.Notifier.Key.Public);
        Assert.Equal(stored, again.Export());

        using var sender = new SenderQueue(EntityId.Random(), PrivateKey.Generate(algorithm));
        using SenderQueue? senderAgain = SenderQueue.TryImport(sender.Export());
        Assert.Equal(sender.SenderId, senderAgain!.SenderId);
        Assert.Equal(sender.Key!.Public, senderAgain.Key!.Public);
        Assert.Null(SenderQueue.TryImport(stored));
        for (int length = 0; length < stored.Length; length++)
        {
            Assert.Null(RecipientQueue.TryImport(stored.AsSpan(0, length)));
        }
    }

    [Fact]
    [Spec("S-123", "S-146")]
    public async Task Many_subscriptions_go_out_in_full_blocks_and_a_bounded_number_at_a_time()
    {
        const int Queues = 3000;
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        RecipientQueue[] queues = [.. Enumerable.Range(0, Queues).Select(_ => new RecipientQueue(EntityId.Random(), EntityId.Random(), key, [.. Samples.Secret], mode: null, linkId: null))];
        Task<IReadOnlyList<FailedSubscription>> subscribing = client.SubscribeAsync(queues, Cancellation);
        var waiting = new List<FakeCommand>();
        for (int i = 0; i < Queues; i++)
        {
            waiting.Add(await session.ReceiveAsync());
            if (waiting.Count == 675 || i == Queues - 1)
            {
                foreach (FakeCommand command in waiting)
                {
                    await command.AnswerAsync(command.Entity == queues[7].RecipientId ? new ErrResponse(SmpError.Auth) : SokResponse.Plain);
                }

                waiting.Clear();
            }
        }

        FailedSubscription failed = Assert.Single(await subscribing);
        Assert.Same(queues[7], failed.Queue);
        Assert.Equal(new RouterRefusal(SmpError.Auth), failed.Failure);
    }
}
