using SimplexActors.Actors.Queues;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>A message to send.</summary>
internal sealed class DeliveryEvent(Delivery delivery) : ConnectionEvent
{
    public Delivery Delivery { get; } = delivery;
}

/// <summary>A notification to send.</summary>
internal sealed class NotificationEvent(EntityId recipientId, EntityId notifierId, StoredNotification notification) : ConnectionEvent
{
    public EntityId RecipientId { get; } = recipientId;

    public EntityId NotifierId { get; } = notifierId;

    public StoredNotification Notification { get; } = notification;
}

/// <summary>Notifications of this notifier wait in the store.</summary>
internal sealed class StoredNotificationsEvent(EntityId recipientId, EntityId notifierId) : ConnectionEvent
{
    public EntityId RecipientId { get; } = recipientId;

    public EntityId NotifierId { get; } = notifierId;
}

/// <summary><c>END</c>, <c>DELD</c> or <c>ERR</c> for an entity.</summary>
internal sealed class EntityEvent(EntityId entityId, SmpResponse response, bool keep, long epoch = long.MaxValue) : ConnectionEvent
{
    public EntityId EntityId { get; } = entityId;

    public SmpResponse Response { get; } = response;

    /// <summary>The subscription goes on.</summary>
    public bool Keep { get; } = keep;

    /// <summary>It is too late for a later subscription.</summary>
    public long Epoch { get; } = epoch;
}

/// <summary>A queue has this connection as subscriber or notifier.</summary>
internal sealed class SubscribedEvent(EntityId recipientId, EntityId entityId, long epoch) : ConnectionEvent
{
    public EntityId RecipientId { get; } = recipientId;

    public EntityId EntityId { get; } = entityId;

    public long Epoch { get; } = epoch;
}

/// <summary>A renewal was decided, or has to be told again.</summary>
internal sealed class RenewedEvent(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed) : ConnectionEvent
{
    public RenewedUse Use { get; } = use;

    public EntityId RecipientId { get; } = recipientId;

    public EntityId EntityId { get; } = entityId;

    public long Epoch { get; } = epoch;

    public bool Failed { get; } = failed;
}

/// <summary>Owners of shards changed: what the connection has there is to be told to the new ones.</summary>
internal sealed class RenewEvent(RenewalRound round) : ConnectionEvent
{
    public RenewalRound Round { get; } = round;
}

/// <summary>A queue remembers that this connection used <c>GET</c>.</summary>
internal sealed class RememberedEvent(EntityId recipientId) : ConnectionEvent
{
    public EntityId RecipientId { get; } = recipientId;
}

/// <summary>A command that was answered on its own (S-331).</summary>
internal sealed class ForkAnsweredEvent(CommandSlot slot) : ConnectionEvent
{
    public CommandSlot Slot { get; } = slot;
}

/// <summary>The receiving side ended: no block will come any more.</summary>
internal sealed class ReceivingEndedEvent(bool answerFirst) : ConnectionEvent
{
    /// <summary>The peer is still there and waits for the answers of its last blocks.</summary>
    public bool AnswerFirst { get; } = answerFirst;
}
