using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Connections;

/// <summary>
/// Stands for a connection of another node: what it is told travels there. Without a way back it only says which
/// connection is meant, and telling it something does nothing.
/// </summary>
/// <param name="node">The connection's node.</param>
/// <param name="number">Its number there.</param>
/// <param name="path">The way to it; null when this node only heard of it.</param>
/// <param name="serviceId">Its service.</param>
internal sealed class RemoteConnection(NodeNumber node, long number, ReturnPath? path, EntityId? serviceId) : IServiceSubscriber
{
    /// <summary>Where the connection is.</summary>
    public NodeNumber Node => node;

    /// <inheritdoc/>
    public long Number => number;

    /// <summary>The session in which it came; null when this node only heard of it.</summary>
    public ILinkSession? Session => path?.Session;

    /// <inheritdoc/>
    public EntityId? ServiceId => serviceId;

    /// <inheritdoc/>
    public bool IsSameAs(ISubscriber other) => other switch
    {
        RemoteConnection remote => remote.Node == node && remote.Number == number,
        EndedConnections ended => ReferenceEquals(ended.Session, Session),
        _ => false,
    };

    /// <inheritdoc/>
    public void Deliver(Delivery delivery)
    {
        // Many bodies on their way to one node would fill its memory and this one's.
        bool isMuch = path is { Session.PostedBytes: > RoutingLimits.PostedBytesWithBodies } && !delivery.Header.IsQuotaMarker;
        path?.TellConnection(number, isMuch ? delivery with { Body = null } : delivery, ConnectionEvents.WriteDeliver);
    }

    /// <inheritdoc/>
    public void Notify(EntityId recipientId, EntityId notifierId, StoredNotification notification) =>
        path?.TellConnection(number, (recipientId, notifierId, notification), ConnectionEvents.WriteNotify);

    /// <inheritdoc/>
    public void NotifyStored(EntityId recipientId, EntityId notifierId) =>
        path?.TellConnection(number, (ConnectionEvent.NotifyStored, recipientId, notifierId), ConnectionEvents.WriteIds);

    /// <inheritdoc/>
    public void Event(EntityId entityId, SmpResponse response, bool keep, long epoch) =>
        path?.TellConnection(number, (entityId, response, keep, epoch), ConnectionEvents.WriteEvent);

    /// <inheritdoc/>
    public void Subscribed(EntityId recipientId, EntityId entityId, long epoch) =>
        path?.TellConnection(number, (ConnectionEvent.Subscribed, recipientId, entityId, epoch), ConnectionEvents.WriteEpoch);

    /// <inheritdoc/>
    public void Renewed(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed) =>
        path?.TellConnection(number, (use, recipientId, entityId, epoch, failed), ConnectionEvents.WriteRenewed);

    /// <inheritdoc/>
    public void Remembered(EntityId recipientId) =>
        path?.TellConnection(number, (ConnectionEvent.Remembered, recipientId, EntityId.Empty), ConnectionEvents.WriteIds);

    /// <inheritdoc/>
    public void Joined(bool subscribed, long epoch) => path?.TellConnection(number, (subscribed, epoch), ConnectionEvents.WriteJoined);

    /// <inheritdoc/>
    public void Ended(ServiceQueues? counters) => path?.TellConnection(number, counters, ConnectionEvents.WriteEnded);

    /// <inheritdoc/>
    public void Mail(EntityId recipientId, ISubscriber? lost = null) =>
        path?.TellConnection(number, (recipientId, lost), ConnectionEvents.WriteMail);

    /// <inheritdoc/>
    public void NotifierMail(EntityId recipientId, EntityId notifierId) =>
        path?.TellConnection(number, (ConnectionEvent.NotifierMail, recipientId, notifierId), ConnectionEvents.WriteIds);

    /// <inheritdoc/>
    public void Attached(EntityId recipientId, EntityId entityId, long epoch) =>
        path?.TellConnection(number, (ConnectionEvent.Attached, recipientId, entityId, epoch), ConnectionEvents.WriteEpoch);

    /// <inheritdoc/>
    public void AttachAnswered(EntityId entityId, bool failed) =>
        path?.TellConnection(number, (entityId, failed), ConnectionEvents.WriteAttachAnswered);

    /// <inheritdoc/>
    public void Taken(EntityId entityId) =>
        path?.TellConnection(number, (ConnectionEvent.Taken, entityId, EntityId.Empty), ConnectionEvents.WriteIds);
}
