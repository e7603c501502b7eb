using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Queues;

/// <summary>Everything a queue can be told.</summary>
public abstract record QueueCommand
{
    /// <summary>A command that may subscribe a connection.</summary>
    public abstract record Subscribing : QueueCommand
    {
        /// <summary>
        /// For the subscription, given by the queue's owner: newer than all that earlier owners gave. 0 when there is only one.
        /// </summary>
        public long Epoch { get; init; }
    }

    /// <summary>Asks for the keys to authorise with; answered with <see cref="QueueEffect.ReplyKeys"/>.</summary>
    public sealed record GetKeys(IKeysReply ReplyTo) : QueueCommand;

    /// <summary>
    /// Creates the queue; every id, key and secret in <paramref name="Record"/> is already made. Subscribes
    /// <paramref name="Subscriber"/> if it is not null.
    /// </summary>
    public sealed record Create(QueueRecord Record, LinkData? Link, ISubscriber? Subscriber, ReplyTo ReplyTo, Protocol.Smp.Responses.IdsResponse Ids) : Subscribing;

    /// <summary>
    /// A client's command, authorised by the edge against version <paramref name="KeysVersion"/> of the keys.
    /// </summary>
    /// <param name="EntityId">The id the client used: recipient, sender, notifier or link id.</param>
    /// <param name="Command">What the client sent.</param>
    /// <param name="KeysVersion">Of the <see cref="QueueKeys"/> that authorised it.</param>
    /// <param name="Version">Protocol version of the connection or of the forwarded command; selects limits.</param>
    /// <param name="Subscriber">The client's connection.</param>
    /// <param name="ReplyTo">Where the answer goes.</param>
    /// <param name="Fresh">Random values the decision may need, made by the edge because decisions are pure.</param>
    public sealed record Client(
        EntityId EntityId,
        SmpCommand Command,
        long KeysVersion,
        ushort Version,
        ISubscriber Subscriber,
        ReplyTo ReplyTo,
        FreshValues Fresh) : Subscribing
    {
        /// <summary>
        /// For <c>ACK</c>: what the connection had with an earlier owner, in case this one was not told yet. Null when
        /// queues do not move.
        /// </summary>
        public KnownSubscription? Known { get; init; }
    }

    /// <summary>The connection is gone: its subscriptions and deliveries to it end, nothing is answered.</summary>
    /// <param name="Subscriber">The connection.</param>
    /// <param name="IsOver">False when only its subscriptions ended, so that S-253 still counts for it.</param>
    public sealed record Disconnected(ISubscriber Subscriber, bool IsOver = true) : QueueCommand
    {
        /// <summary>Subscriptions with a later epoch go on.</summary>
        public long UpTo { get; init; } = long.MaxValue;
    }

    /// <summary>A connection of the queue's service receives its messages, if there are any and nobody else does.</summary>
    /// <param name="RecipientId">The queue.</param>
    /// <param name="Connection">Holds the service.</param>
    /// <param name="Previous">Connections that lost the service to this one: they do not count.</param>
    /// <param name="Answer">Whether to tell <see cref="Services.IServiceSubscriber.AttachAnswered"/>.</param>
    public sealed record AttachService(
        EntityId RecipientId, Services.IServiceSubscriber Connection, ImmutableArray<ISubscriber> Previous, bool Answer) : Subscribing
    {
        /// <summary>The connection attached to the queue before its owner changed: not counted again.</summary>
        public bool IsRenewal { get; init; }
    }

    /// <summary>A connection of the notifier's service receives its notifications, if nobody else does.</summary>
    /// <param name="NotifierId">The notifier.</param>
    /// <param name="Connection">Holds the service.</param>
    /// <param name="Previous">Connections that lost the service to this one: they do not count.</param>
    /// <param name="Answer">Whether to tell <see cref="Services.IServiceSubscriber.AttachAnswered"/>.</param>
    public sealed record AttachNotifier(
        EntityId NotifierId, Services.IServiceSubscriber Connection, ImmutableArray<ISubscriber> Previous, bool Answer) : Subscribing;

    /// <summary>
    /// What a connection had with the queue's last owner, told by the connection's node to the next one. It counts only if
    /// nobody subscribed later; the loser is told <c>END</c>. The client notices nothing.
    /// </summary>
    /// <param name="RecipientId">The queue.</param>
    /// <param name="EntityId">The recipient id, or the notifier id for notifications.</param>
    /// <param name="Subscriber">The connection.</param>
    /// <param name="Known">What the connection had.</param>
    public sealed record Renew(EntityId RecipientId, EntityId EntityId, ISubscriber Subscriber, KnownSubscription Known) : QueueCommand;

    /// <summary>A delivered message's body could not be read: <paramref name="Quarantined"/> or gone. The queue goes on with the next.</summary>
    public sealed record BodyUnavailable(ISubscriber Subscriber, EntityId MessageId, bool Quarantined) : QueueCommand;

    /// <summary>
    /// The connection could not send a notification (its peer does not read, or it is gone): the queue stores it,
    /// if <paramref name="NotifierId"/> is still its notifier.
    /// </summary>
    /// <param name="NotifierId">The notifier.</param>
    /// <param name="Notification">What could not be sent.</param>
    /// <param name="Gone">The connection when it is gone or lost the service: it is not subscribed any more. Else null.</param>
    public sealed record StoreNotification(EntityId NotifierId, StoredNotification Notification, ISubscriber? Gone = null) : QueueCommand;

    /// <summary>The notifications that waited in the store for <paramref name="NotifierId"/> were sent.</summary>
    public sealed record NotificationsDelivered(EntityId NotifierId) : QueueCommand;

    /// <summary>Removes messages older than <paramref name="OlderThan"/> (seconds since the Unix epoch), S-284.</summary>
    public sealed record Expire(long OlderThan) : QueueCommand;

    /// <summary>Deletes the queue if nobody used it for very long (S-504).</summary>
    /// <param name="Since">From when on it is unused.</param>
    /// <param name="Today">Whole days since the Unix epoch; a queue that is in use after all is noted as used today.</param>
    public sealed record Collect(Storage.UnusedSince Since, int Today) : QueueCommand;

    /// <summary>
    /// The queue was loaded again after a failed commit: its subscriber is sent the first stored message, whatever
    /// was delivered before, because a delivery or an acknowledgement may have been dropped.
    /// </summary>
    public sealed record Recover : QueueCommand
    {
        /// <summary>The only value.</summary>
        public static Recover Instance { get; } = new();
    }

    /// <summary>What the operator tells a queue; answered with what was stored before and after.</summary>
    /// <param name="ReplyTo">Who asked.</param>
    public abstract record Operator(IOperatorReply ReplyTo) : QueueCommand;

    /// <summary>The operator blocks the queue (S-369).</summary>
    public sealed record Block(BlockingInfo Info, IOperatorReply ReplyTo) : Operator(ReplyTo);

    /// <summary>The operator unblocks the queue (S-369).</summary>
    public sealed record Unblock(IOperatorReply ReplyTo) : Operator(ReplyTo);

    /// <summary>The operator looks at the queue (O-247).</summary>
    public sealed record Inspect(IOperatorReply ReplyTo) : Operator(ReplyTo);

    /// <summary>The operator deletes the queue with its messages; nobody is told (S-369).</summary>
    public sealed record Remove(IOperatorReply ReplyTo) : Operator(ReplyTo);
}

/// <summary>How a connection used a queue before its owner changed.</summary>
public enum RenewedUse : byte
{
    /// <summary>It was subscribed to the messages.</summary>
    Messages = 1,

    /// <summary>It was subscribed to the notifications.</summary>
    Notifications = 2,

    /// <summary>It used <c>GET</c> (S-253).</summary>
    Reading = 3,
}

/// <summary>What a connection's node knows of the connection's use of a queue.</summary>
/// <param name="Use">What the connection has.</param>
/// <param name="Epoch">Of the subscription, as <see cref="ISubscriber.Subscribed"/> told it; 0 for <c>GET</c>.</param>
/// <param name="Delivered">
/// Message that was delivered and is not acknowledged; null when there is none. An empty id when nobody knows whether the last one
/// was acknowledged: then it may come again, and the answer that was lost may have brought the next one.
/// </param>
public sealed record KnownSubscription(RenewedUse Use, long Epoch, EntityId? Delivered);

/// <summary>Random values for one decision.</summary>
/// <param name="MessageId">For <c>SEND</c>: id of the new message.</param>
/// <param name="NotificationNonce">For <c>SEND</c> with the notification flag: nonce of the notification.</param>
/// <param name="Notifier">For <c>NKEY</c>: the new credentials.</param>
public sealed record FreshValues(EntityId MessageId = default, EntityId NotificationNonce = default, FreshNotifier? Notifier = null)
{
    /// <summary>For commands that need none.</summary>
    public static FreshValues None { get; } = new();
}

/// <summary>New notifier credentials: what is stored and what is answered.</summary>
public sealed record FreshNotifier(QueueNotifier Stored, Protocol.Smp.Responses.NotifierIds Answer);

/// <summary>Where a response belongs: one slot of a batch of responses.</summary>
/// <param name="Target">The batch.</param>
/// <param name="Slot">Index of the command in its block.</param>
public readonly record struct ReplyTo(IReplyTarget Target, int Slot);
