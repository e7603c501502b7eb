using System.Runtime.CompilerServices;
using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client;

/// <summary>What the owner of a queue does.</summary>
public sealed partial class SmpClient
{
    /// <summary><c>NEW</c>: creates a queue.</summary>
    /// <param name="queue">What kind; null: a messaging queue, subscribed.</param>
    /// <param name="cancellation">Ends the wait; the router may have created the queue all the same.</param>
    /// <returns>The owner's handle, to be stored.</returns>
    public SmpCall<RecipientQueue> CreateQueueAsync(NewQueue? queue = null, CancellationToken cancellation = default) =>
        new(CreateAsync(queue ?? new NewQueue(), cancellation));

    /// <summary>
    /// <c>SUB</c>: has the queue's messages sent to this connection as <see cref="MessageReceived"/>, from the first that
    /// is stored on. The connection that was subscribed before gets a <see cref="SubscriptionEnded"/>.
    /// </summary>
    public SmpCall<SmpResponse> SubscribeAsync(RecipientQueue queue, CancellationToken cancellation = default)
    {
        // Before the answer: an answer that comes too late for the caller still means messages.
        _subscriptions.Add(queue.RecipientId, queue);
        return new(StartAsync(Command(queue, SubCommand.Instance), cancellation));
    }

    /// <summary>
    /// <c>ACK</c>: removes a received message from the router, which then sends the next one as an event.
    /// <c>NO_MSG</c> when the message is not the one that the router delivered last.
    /// </summary>
    public SmpCall<SmpResponse> AcknowledgeAsync(RecipientQueue queue, EntityId messageId, CancellationToken cancellation = default) =>
        new(StartAsync(Command(queue, new AckCommand(messageId)), cancellation));

    /// <summary><c>ACK</c> of a received message.</summary>
    public SmpCall<SmpResponse> AcknowledgeAsync(MessageReceived received, CancellationToken cancellation = default) =>
        AcknowledgeAsync(received.Queue, received.Message.Id, cancellation);

    /// <summary>
    /// <c>GET</c>: asks for the first message without subscribing; it stays until it is acknowledged. Null when there is none.
    /// Not on a connection that subscribed to the queue (S-253).
    /// </summary>
    public SmpCall<ReceivedMessage?> GetAsync(RecipientQueue queue, CancellationToken cancellation = default) =>
        new(Convert(Command(queue, GetCommand.Instance), response => ReadMessage(queue, response), cancellation));

    /// <summary><c>KEY</c>: lets only the owner of this key send.</summary>
    public SmpCall<SmpResponse> SecureAsync(RecipientQueue queue, PublicKey senderKey, CancellationToken cancellation = default) =>
        new(StartAsync(Command(queue, new KeyCommand(senderKey)), cancellation));

    /// <summary><c>OFF</c>: refuses further messages, for good; those that are stored can still be received.</summary>
    public SmpCall<SmpResponse> SuspendAsync(RecipientQueue queue, CancellationToken cancellation = default) =>
        new(StartAsync(Command(queue, OffCommand.Instance), cancellation));

    /// <summary><c>DEL</c>: deletes the queue with its messages.</summary>
    public SmpCall<SmpResponse> DeleteAsync(RecipientQueue queue, CancellationToken cancellation = default) =>
        new(StartAsync(Command(queue, DelCommand.Instance), cancellation));

    /// <summary><c>QUE</c>: what the router knows about the queue.</summary>
    public SmpCall<QueueInfo> GetInfoAsync(RecipientQueue queue, CancellationToken cancellation = default) =>
        new(Convert(Command(queue, QueCommand.Instance), ReadInfo, cancellation));

    /// <summary><c>RKEY</c>: replaces the keys that authorise the owners of a contact queue, 1 to 255 (S-240).</summary>
    public SmpCall<SmpResponse> ReplaceKeysAsync(RecipientQueue queue, IEnumerable<PublicKey> keys, CancellationToken cancellation = default) =>
        new(StartAsync(Command(queue, new RkeyCommand([.. keys])), cancellation));

    /// <summary><c>LSET</c>: stores link data; the fixed part must stay what it was (S-302).</summary>
    public SmpCall<SmpResponse> SetLinkAsync(RecipientQueue queue, EntityId linkId, LinkData data, CancellationToken cancellation = default) =>
        new(StartAsync(Command(queue, new LsetCommand(linkId, data)), cancellation));

    /// <summary><c>LDEL</c>: deletes the link data.</summary>
    public SmpCall<SmpResponse> DeleteLinkAsync(RecipientQueue queue, CancellationToken cancellation = default) =>
        new(StartAsync(Command(queue, LdelCommand.Instance), cancellation));

    /// <summary>
    /// <c>NKEY</c>: creates notifications of the queue, in place of those it had. They are in
    /// <see cref="RecipientQueue.Notifications"/> too, so store the handle again.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="notifierKey">Will authorise the notifier; the handle owns it. Null: a fresh Ed25519 key.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public SmpCall<QueueNotifications> EnableNotificationsAsync(
        RecipientQueue queue, PrivateKey? notifierKey = null, CancellationToken cancellation = default) =>
        new(EnableAsync(queue, notifierKey ?? PrivateKey.Generate(KeyAlgorithm.Ed25519), cancellation));

    /// <summary><c>NDEL</c>: ends the notifications of the queue.</summary>
    public SmpCall<SmpResponse> DisableNotificationsAsync(RecipientQueue queue, CancellationToken cancellation = default) =>
        new(StartAsync(Command(queue, NdelCommand.Instance), cancellation));

    private static CommandToSend Command(RecipientQueue queue, SmpCommand command) =>
        new(command, queue.RecipientId, queue.Key, queue);

    private static SmpResult<ReceivedMessage?> ReadMessage(RecipientQueue queue, SmpResponse response) => response switch
    {
        MsgResponse message when queue.TryOpen(message.MessageId, message.Encrypted) is { } opened => opened,
        MsgResponse => new WrongAnswer(SmpCommandTag.GET),
        _ => (ReceivedMessage?)null,
    };

    private static SmpResult<QueueInfo> ReadInfo(SmpResponse response) =>
        QueueInfo.TryParse(((InfoResponse)response).Json.Span, out QueueInfo? info) ? info : new WrongAnswer(SmpCommandTag.QUE);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SmpResult<T>> Convert<T>(
        CommandToSend command, Func<SmpResponse, SmpResult<T>> read, CancellationToken cancellation)
    {
        SmpResult<SmpResponse> result = await StartAsync(command, cancellation);
        return result.Succeeded ? read(result.Value) : result.Failure;
    }

    private async ValueTask<SmpResult<RecipientQueue>> CreateAsync(NewQueue queue, CancellationToken cancellation)
    {
        var creation = new QueueInCreation(queue, queue.Link is null ? null : _ids.Next());
        if (creation.MinVersion > Version)
        {
            return new VersionTooLow(SmpCommandTag.NEW, creation.MinVersion);
        }

        SmpResult<SmpResponse> result = await StartAsync(creation.ToCommand(_router.Password), cancellation);
        return result.Succeeded ? creation.Outcome : result.Failure;
    }

    private async ValueTask<SmpResult<QueueNotifications>> EnableAsync(RecipientQueue queue, PrivateKey notifierKey, CancellationToken cancellation)
    {
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        SmpResult<SmpResponse> result = await StartAsync(Command(queue, new NkeyCommand(notifierKey.Public, dhKey.Public)), cancellation);
        if (!result.Succeeded)
        {
            return result.Failure;
        }

        if (QueueInCreation.TryAgree(notifierKey, dhKey, ((NidResponse)result.Value).Notifier) is not { } notifications)
        {
            return new WrongAnswer(SmpCommandTag.NKEY);
        }

        queue.Notifications = notifications;
        return notifications;
    }
}
