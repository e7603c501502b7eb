using SimplexActors.Client.Connection;
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

public class EventTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-192", "S-199", "S-201", "S-289", "S-290", "S-369")]
    public async Task Events_of_subscribed_queues_come_in_order_and_decrypted()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue();
        await SubscribeAsync(client, session, queue);

        await session.SendEventAsync(queue.RecipientId, Samples.Message("hello"));
        await session.SendEventAsync(queue.RecipientId, new MsgResponse(EntityId.Random(), new byte[SmpSizes.EncryptedBodyBytes]));
        await session.SendEventAsync(queue.RecipientId, new ErrResponse(new BlockedError(new BlockingInfo(BlockingReason.Spam))));
        await session.SendAsync(
            (EntityId.Empty, queue.RecipientId, EndResponse.Instance),
            (EntityId.Empty, queue.RecipientId, DeldResponse.Instance),
            (EntityId.Empty, EntityId.Empty, new ErrResponse(SmpError.Block)));
        await session.DisposeAsync();

        List<SmpEvent> events = await client.Events.ToListAsync(Cancellation);
        var received = Assert.IsType<MessageReceived>(events[0]);
        Assert.Same(queue, received.Queue);
        Assert.Equal("hello", received.Message.Text());
        Assert.True(received.Message.Notify);
        Assert.False(received.Message.IsQuotaMarker);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), received.Message.SentAt);
        Assert.Same(queue, Assert.IsType<MessageUnreadable>(events[1]).Queue);
        Assert.Equal(new QueueBlocked(queue.RecipientId, new BlockingInfo(BlockingReason.Spam)), events[2]);
        Assert.Equal(new SubscriptionEnded(queue.RecipientId), events[3]);
        Assert.Equal(new QueueDeleted(queue.RecipientId), events[4]);
        Assert.Equal(new OtherEvent(EntityId.Empty, new ErrResponse(SmpError.Block)), events[5]);
        Assert.Equal(new ConnectionClosed(new ConnectionLost(ConnectionEnd.ClosedByRouter), Fault: null), events[6]);
        Assert.Equal(7, events.Count);
    }

    [Fact]
    [Spec("S-270")]
    public async Task The_message_that_answers_an_acknowledgement_is_the_next_event()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue();
        await SubscribeAsync(client, session, queue);
        await session.SendEventAsync(queue.RecipientId, Samples.Message("1"));

        var texts = new List<string>();
        await foreach (SmpEvent taken in client.Events.WithCancellation(Cancellation))
        {
            var received = Assert.IsType<MessageReceived>(taken);
            texts.Add(received.Message.Text());
            SmpCall<SmpResponse> acknowledging = client.AcknowledgeAsync(received, Cancellation);
            FakeCommand ack = await session.ReceiveAsync();
            Assert.Equal(new AckCommand(received.Message.Id), ack.Command);
            await ack.AnswerAsync(texts.Count < 3 ? Samples.Message($"{texts.Count + 1}") : OkResponse.Instance);
            await acknowledging;
            if (texts.Count == 3)
            {
                break;
            }
        }

        Assert.Equal(["1", "2", "3"], texts);
    }

    [Fact]
    [Spec("S-273")]
    public async Task A_message_that_was_asked_for_is_returned_and_no_event()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue();

        SmpCall<ReceivedMessage?> first = client.GetAsync(queue, Cancellation);
        await (await session.ReceiveAsync()).AnswerAsync(Samples.Message("here"));
        Assert.Equal("here", (await first)!.Text());

        SmpCall<ReceivedMessage?> second = client.GetAsync(queue, Cancellation);
        await (await session.ReceiveAsync()).AnswerAsync(OkResponse.Instance);
        Assert.Null(await second);

        ValueTask<SmpResult<ReceivedMessage?>> third = client.GetAsync(queue, Cancellation).AsResult();
        await (await session.ReceiveAsync()).AnswerAsync(new MsgResponse(EntityId.Random(), new byte[SmpSizes.EncryptedBodyBytes]));
        Assert.Equal(new WrongAnswer(SmpCommandTag.GET), (await third).Failure);

        await session.DisposeAsync();
        Assert.IsType<ConnectionClosed>(Assert.Single(await client.Events.ToListAsync(Cancellation)));
    }

    [Fact]
    [Spec("S-195", "S-293", "S-296")]
    public async Task Notifications_reach_the_notifier_and_only_the_owner_reads_them()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync();
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue();
        EntityId notifierId = EntityId.Random();
        EntityId messageId = EntityId.Random();
        using var routerKey = PrivateKey.Generate(KeyAlgorithm.X25519);

        SmpCall<QueueNotifications> enabling = client.EnableNotificationsAsync(queue, cancellation: Cancellation);
        FakeCommand nkey = await session.ReceiveAsync();
        var asked = Assert.IsType<NkeyCommand>(nkey.Command);
        await nkey.AnswerAsync(new NidResponse(new NotifierIds(notifierId, routerKey.Public)));
        QueueNotifications notifications = await enabling;
        Assert.Same(notifications, queue.Notifications);
        Assert.Equal(asked.NotifierKey, notifications.Notifier.Key.Public);

        SmpCall<SmpResponse> subscribing = client.SubscribeAsync(notifications.Notifier, Cancellation);
        FakeCommand nsub = await session.ReceiveAsync();
        Assert.IsType<NsubCommand>(nsub.Command);
        Assert.True(nsub.IsAuthorisedBy(notifications.Notifier.Key));
        await nsub.AnswerAsync(SokResponse.Plain);
        await subscribing;

        Assert.True(BoxKey.TryAgree(routerKey, asked.DhKey, out BoxKey key));
        byte[] nonce = EntityId.Random().ToArray();
        byte[] encrypted = new byte[SmpSizes.EncryptedNotificationBytes];
        NotificationMeta.Encrypt(encrypted, key, nonce, messageId, 1_700_000_000);
        await session.SendEventAsync(notifierId, new NmsgResponse(nonce, encrypted));
        await session.DisposeAsync();

        var received = Assert.IsType<NotificationReceived>((await client.Events.ToListAsync(Cancellation))[0]);
        Assert.Same(notifications.Notifier, received.Notifier);
        Assert.Equal(
            new NotifiedMessage(messageId, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)), notifications.TryOpen(received.Notification));
        Assert.Null(notifications.TryOpen(received.Notification with { Nonce = new byte[24] }));
    }

    [Fact]
    public async Task An_application_that_acknowledges_while_it_reads_does_not_wait_for_itself()
    {
        // Far more messages are ahead of the first acknowledgement's answer than may wait for the application.
        const int Queues = 200;
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(new SmpClientOptions { EventCapacity = 1 });
        await using SmpClient closed = client;
        RecipientQueue[] queues = [.. Enumerable.Range(0, Queues).Select(_ => Samples.Queue())];
        Task<IReadOnlyList<FailedSubscription>> subscribing = client.SubscribeAsync(queues, Cancellation);
        for (int i = 0; i < Queues; i++)
        {
            await (await session.ReceiveAsync()).AnswerAsync(SokResponse.Plain);
        }

        Assert.Empty(await subscribing);
        Task flooding = FloodAsync();
        int taken = 0;
        await foreach (SmpEvent next in client.Events.WithCancellation(Cancellation))
        {
            await client.AcknowledgeAsync(Assert.IsType<MessageReceived>(next), Cancellation);
            if (++taken == Queues)
            {
                break;
            }
        }

        await flooding;

        async Task FloodAsync()
        {
            foreach (RecipientQueue queue in queues)
            {
                await session.SendEventAsync(queue.RecipientId, Samples.Message("m"));
            }

            for (int i = 0; i < Queues; i++)
            {
                await (await session.ReceiveAsync()).AnswerAsync(OkResponse.Instance);
            }
        }
    }

    [Fact]
    public async Task Reading_pauses_while_the_application_is_behind_and_no_command_waits()
    {
        var pending = new PendingCommands();
        var events = new EventQueue(capacity: 2, pending);
        events.Add(new SubscriptionEnded(EntityId.Empty));
        Assert.True(events.WaitForRoomAsync(Cancellation).AsTask().IsCompletedSuccessfully);
        events.Add(new SubscriptionEnded(EntityId.Empty));

        Task room = events.WaitForRoomAsync(Cancellation).AsTask();
        Assert.False(room.IsCompleted);
        Assert.True(events.TryTake(out _));
        await room.WaitAsync(Cancellation);

        events.Add(new SubscriptionEnded(EntityId.Empty));
        room = events.WaitForRoomAsync(Cancellation).AsTask();
        Assert.False(room.IsCompleted);
        Assert.True(pending.TryAdd(EntityId.Random(), new CommandToSend(PingCommand.Instance, EntityId.Empty), deadline: 0, out _, out _));
        events.Resume();
        await room.WaitAsync(Cancellation);
    }

    private static async Task SubscribeAsync(SmpClient client, FakeSession session, RecipientQueue queue)
    {
        SmpCall<SmpResponse> subscribing = client.SubscribeAsync(queue, Cancellation);
        await (await session.ReceiveAsync()).AnswerAsync(SokResponse.Plain);
        await subscribing;
    }
}
