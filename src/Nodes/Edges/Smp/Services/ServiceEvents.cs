using System.Collections.Immutable;
using SimplexActors.Actors.Queues;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Nodes.Edges.Smp.Services;

/// <summary>Something that a connection's service or its queues tell it.</summary>
internal abstract class ServiceEvent : ConnectionEvent;

/// <summary>The connection belongs to its service.</summary>
internal sealed class JoinedEvent(bool subscribed, long epoch) : ServiceEvent
{
    /// <summary>To all of it.</summary>
    public bool Subscribed { get; } = subscribed;

    /// <summary>Of the membership.</summary>
    public long Epoch { get; } = epoch;
}

/// <summary>Another connection took over the service.</summary>
internal sealed class ServiceEndedEvent(ServiceQueues? counters) : ServiceEvent
{
    /// <summary>Of the whole service; null when the connection had only the queues that it is attached to.</summary>
    public ServiceQueues? Counters { get; } = counters;
}

/// <summary><c>SOKS</c> was answered: what is stored for the service's queues is to be sent.</summary>
internal sealed class StreamEvent(ImmutableArray<ISubscriber> previous) : ServiceEvent
{
    /// <summary>Connections that lost the service to this one.</summary>
    public ImmutableArray<ISubscriber> Previous { get; } = previous;
}

/// <summary>A queue of the service waits for somebody to attach.</summary>
internal sealed class MailEvent(EntityId recipientId, ISubscriber? lost) : ServiceEvent
{
    public EntityId RecipientId { get; } = recipientId;

    /// <summary>Is attached but lost the service; null when nobody is.</summary>
    public ISubscriber? Lost { get; } = lost;
}

/// <summary>A notifier of the service waits for somebody to attach.</summary>
internal sealed class NotifierMailEvent(EntityId recipientId, EntityId notifierId) : ServiceEvent
{
    public EntityId RecipientId { get; } = recipientId;

    public EntityId NotifierId { get; } = notifierId;
}

/// <summary>A queue is attached to the connection, which did not name it.</summary>
internal sealed class AttachedEvent(EntityId recipientId, EntityId entityId, long epoch) : ServiceEvent
{
    public EntityId RecipientId { get; } = recipientId;

    public EntityId EntityId { get; } = entityId;

    public long Epoch { get; } = epoch;
}

/// <summary>The service was told again that the connection belongs to it, because its owner changed.</summary>
internal sealed class ServiceRenewedEvent(RenewalRound round, bool failed) : ServiceEvent
{
    public RenewalRound Round { get; } = round;

    /// <summary>It has to be told once more.</summary>
    public bool Failed { get; } = failed;
}

/// <summary>An attachment that the stream asked for was decided.</summary>
internal sealed class AttachAnsweredEvent(EntityId entityId, bool failed) : ServiceEvent
{
    public EntityId EntityId { get; } = entityId;

    public bool Failed { get; } = failed;
}

/// <summary>Another connection of the service subscribed to this id alone.</summary>
internal sealed class TakenEvent(EntityId entityId) : ServiceEvent
{
    public EntityId EntityId { get; } = entityId;
}
