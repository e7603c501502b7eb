using System.Collections.Immutable;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues;

/// <summary>What happens after a queue's changes are durable.</summary>
public abstract record QueueEffect
{
    /// <summary>Answers a command.</summary>
    public sealed record Reply(ReplyTo To, SmpResponse Response) : QueueEffect;

    /// <summary>Answers a command with a message (<c>GET</c>, <c>ACK</c>).</summary>
    public sealed record ReplyMessage(ReplyTo To, Delivery Delivery) : QueueEffect;

    /// <summary>Answers a command with link data, read from the store (<c>LGET</c>, <c>LKEY</c>).</summary>
    public sealed record ReplyLink(ReplyTo To, EntityId LinkId, EntityId SenderId) : QueueEffect;

    /// <summary>
    /// The keys changed since the command was authorised: the edge authorises it again. Takes effect already when
    /// the command is decided (<see cref="IReplyTarget.Stale"/>), because later commands must not overtake it;
    /// performing it does nothing more.
    /// </summary>
    public sealed record ReplyStale(ReplyTo To) : QueueEffect;

    /// <summary>Answers <see cref="QueueCommand.GetKeys"/>; null when there is no such queue.</summary>
    public sealed record ReplyKeys(IKeysReply To, QueueKeys? Keys) : QueueEffect;

    /// <summary>Answers <see cref="QueueCommand.GetKeys"/> when the queue could not be loaded.</summary>
    public sealed record ReplyKeysFailed(IKeysReply To) : QueueEffect;

    /// <summary>Answers an operator's command, as <see cref="IOperatorReply.Done"/> says.</summary>
    public sealed record ReplyOperator(IOperatorReply To, QueueRecord? Before, QueueRecord? After, int Messages) : QueueEffect;

    /// <summary>Answers an operator's command that could not be carried out.</summary>
    public sealed record ReplyOperatorFailed(IOperatorReply To) : QueueEffect;

    /// <summary>Sends a message event to a subscriber.</summary>
    public sealed record Deliver(ISubscriber Subscriber, Delivery Delivery) : QueueEffect;

    /// <summary>Sends a notification event to a subscribed notifier.</summary>
    public sealed record Notify(ISubscriber Subscriber, EntityId RecipientId, EntityId NotifierId, StoredNotification Notification) : QueueEffect;

    /// <summary>Sends the notifications that wait in the store to a notifier that just subscribed.</summary>
    public sealed record NotifyStored(ISubscriber Subscriber, EntityId RecipientId, EntityId NotifierId) : QueueEffect;

    /// <summary>Sends <c>END</c>, <c>DELD</c> or <c>ERR BLOCKED</c> as an event; the subscriber forgets the queue unless <paramref name="Keep"/>.</summary>
    public sealed record Event(ISubscriber Subscriber, EntityId EntityId, SmpResponse Response, bool Keep = false) : QueueEffect
    {
        /// <summary>Of the subscription that this is about.</summary>
        public long Epoch { get; init; } = long.MaxValue;
    }

    /// <summary>Tells the subscriber that it is now subscribed to this recipient or notifier id, so that it says when it disconnects.</summary>
    public sealed record Subscribed(ISubscriber Subscriber, EntityId RecipientId, EntityId EntityId, long Epoch) : QueueEffect;

    /// <summary>Answers <see cref="QueueCommand.Renew"/>, as <see cref="ISubscriber.Renewed"/> says.</summary>
    public sealed record Renewed(ISubscriber Subscriber, RenewedUse Use, EntityId RecipientId, EntityId EntityId, long Epoch, bool Failed = false) : QueueEffect;

    /// <summary>Tells the connection that the queue remembers its <c>GET</c> (S-253), so that it says when it disconnects.</summary>
    public sealed record Remembered(ISubscriber Subscriber, EntityId RecipientId) : QueueEffect;

    /// <summary>As <see cref="Subscribed"/>, for a connection that did not name the queue: its service holds it.</summary>
    public sealed record Attached(IServiceSubscriber Connection, EntityId RecipientId, EntityId EntityId, long Epoch) : QueueEffect;

    /// <summary>Answers <see cref="QueueCommand.AttachService"/> or <see cref="QueueCommand.AttachNotifier"/>.</summary>
    public sealed record AttachAnswered(IServiceSubscriber Connection, EntityId EntityId, bool Failed) : QueueEffect;

    /// <summary>Tells a connection that another one of the same service subscribed to this recipient or notifier id (S-483).</summary>
    public sealed record Taken(IServiceSubscriber Connection, EntityId EntityId) : QueueEffect;

    /// <summary>A message waits and nobody is attached: mails the holder of the service, if there is one.</summary>
    public sealed record ServiceMail(EntityId ServiceId, EntityId RecipientId) : QueueEffect;

    /// <summary>A notification waits in the store and nobody is attached: mails the holder of the service, if there is one.</summary>
    public sealed record NotifierMail(EntityId ServiceId, EntityId RecipientId, EntityId NotifierId) : QueueEffect;

    /// <summary>
    /// <c>END</c> or <c>DELD</c> for an id of the service that nobody is attached to, for the holder of the service unless
    /// it is the <paramref name="Cause"/> (S-324).
    /// </summary>
    public sealed record ServiceEvent(EntityId ServiceId, EntityId EntityId, SmpResponse Response, ISubscriber? Cause) : QueueEffect;

    /// <summary>Counts something that happened. Stands before the answer: who has the answer finds it counted.</summary>
    /// <param name="Counters">Each of them grows by <paramref name="By"/>.</param>
    /// <param name="Use">Whether the queue counts as used.</param>
    /// <param name="By">How often it happened.</param>
    public sealed record Count(ImmutableArray<Counter> Counters, QueueUse Use = QueueUse.None, long By = 1) : QueueEffect;

    /// <summary>Counts an acknowledgement that came so many seconds after the delivery (O-312).</summary>
    public sealed record CountAckTime(long Seconds) : QueueEffect;
}

/// <summary>One message on its way to a recipient.</summary>
/// <param name="RecipientId">The queue.</param>
/// <param name="Header">The message.</param>
/// <param name="DhSecret">32 bytes; the body is encrypted with it.</param>
/// <param name="Body">Null: read it from the store when there is room to send it.</param>
public sealed record Delivery(EntityId RecipientId, MessageHeader Header, ImmutableArray<byte> DhSecret, ReadOnlyMemory<byte>? Body);
