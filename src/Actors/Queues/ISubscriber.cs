using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues;

/// <summary>
/// A client connection as queues see it. Calls return at once and never block: what cannot be sent now the
/// connection keeps in bounded form (a queue has at most one unacknowledged message), and sends when its
/// peer reads. Equality is identity; <see cref="IsSameAs"/> says which objects stand for one connection.
/// </summary>
public interface ISubscriber
{
    /// <summary>The service that the connection's queues belong to; null outside service sessions. Never changes.</summary>
    EntityId? ServiceId => null;

    /// <summary>
    /// True when both are the same client connection. The same object means also that nothing that was told to it is lost;
    /// different objects stand for one connection when the way to its node was lost in between.
    /// </summary>
    bool IsSameAs(ISubscriber other) => ReferenceEquals(this, other);

    /// <summary>Names the connection on its node; 0 for one that only this node can tell anything. Never changes.</summary>
    long Number => 0;

    /// <summary>A message event.</summary>
    void Deliver(Delivery delivery);

    /// <summary>A notification event.</summary>
    void Notify(EntityId recipientId, EntityId notifierId, StoredNotification notification);

    /// <summary>
    /// Notifications wait in the store; the subscriber reads and sends them, then tells the queue
    /// <see cref="QueueCommand.NotificationsDelivered"/>.
    /// </summary>
    void NotifyStored(EntityId recipientId, EntityId notifierId);

    /// <summary><c>END</c>, <c>DELD</c> or <c>ERR BLOCKED</c>; forgets the entity unless <paramref name="keep"/>.</summary>
    /// <param name="entityId">The entity.</param>
    /// <param name="response">What to send.</param>
    /// <param name="keep">The subscription goes on.</param>
    /// <param name="epoch">Of the subscription that this is about: it is too late for a newer one. The largest number when it is about any.</param>
    void Event(EntityId entityId, SmpResponse response, bool keep, long epoch);

    /// <summary>The queue has this subscriber now and must be told when it disconnects.</summary>
    /// <param name="recipientId">The queue.</param>
    /// <param name="entityId">The recipient or notifier id.</param>
    /// <param name="epoch">Grows with every subscription to the queue, whoever owns it.</param>
    void Subscribed(EntityId recipientId, EntityId entityId, long epoch);

    /// <summary>
    /// A renewal was decided: the queue has this subscriber, as <see cref="Subscribed"/> says, or it remembers its <c>GET</c>.
    /// A connection that gave up the subscription meanwhile says so with <see cref="QueueCommand.Disconnected.UpTo"/>.
    /// </summary>
    /// <param name="use">What was renewed.</param>
    /// <param name="recipientId">The queue.</param>
    /// <param name="entityId">The recipient or notifier id.</param>
    /// <param name="epoch">Of the subscription.</param>
    /// <param name="failed">The renewal was not decided and has to be told again.</param>
    void Renewed(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed);

    /// <summary>
    /// The queue remembers that this connection used <c>GET</c> and must be told when it disconnects; no
    /// subscription, so it does not keep an idle connection open (S-335).
    /// </summary>
    void Remembered(EntityId recipientId);
}

/// <summary>Collects the answers of one block.</summary>
public interface IReplyTarget
{
    /// <summary>Answers the command of <paramref name="slot"/>.</summary>
    void Reply(int slot, SmpResponse response);

    /// <summary>Answers with a message; its body may still have to be read.</summary>
    void ReplyMessage(int slot, Delivery delivery);

    /// <summary>Answers with link data, which has to be read.</summary>
    void ReplyLink(int slot, EntityId linkId, EntityId senderId);

    /// <summary>
    /// The command was not decided because the keys changed since it was authorised; it must be authorised and told
    /// again. Called on the queue's turn, instead of <see cref="Decided"/>.
    /// </summary>
    void Stale(int slot);

    /// <summary>The command was decided or refused; its answer follows after the commit. Called on the queue's turn.</summary>
    void Decided(int slot);
}

/// <summary>Receives the keys of a queue.</summary>
public interface IKeysReply
{
    /// <summary>The keys; null when there is no such queue.</summary>
    void Keys(QueueKeys? keys);

    /// <summary>The queue could not be loaded.</summary>
    void Failed();
}

/// <summary>Receives the outcome of an operator's command.</summary>
public interface IOperatorReply
{
    /// <summary>The command was carried out, and what it changed is durable.</summary>
    /// <param name="before">What was stored of the queue; null when there is none.</param>
    /// <param name="after">What is stored now; null when there is none.</param>
    /// <param name="messages">Messages that were stored before, the quota marker included.</param>
    void Done(QueueRecord? before, QueueRecord? after, int messages);

    /// <summary>The command could not be carried out.</summary>
    void Failed();
}
