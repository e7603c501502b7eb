using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Connections;

/// <summary>Stands for all connections of a node whose session ended, where it is said that a connection is gone.</summary>
/// <param name="session">The session.</param>
internal sealed class EndedConnections(ILinkSession session) : ISubscriber
{
    /// <summary>The session that ended.</summary>
    public ILinkSession Session => session;

    /// <inheritdoc/>
    public bool IsSameAs(ISubscriber other) => other is RemoteConnection remote && ReferenceEquals(remote.Session, session);

    void ISubscriber.Deliver(Delivery delivery)
    {
        // Nobody is there.
    }

    void ISubscriber.Notify(EntityId recipientId, EntityId notifierId, StoredNotification notification)
    {
        // Nobody is there.
    }

    void ISubscriber.NotifyStored(EntityId recipientId, EntityId notifierId)
    {
        // Nobody is there.
    }

    void ISubscriber.Event(EntityId entityId, SmpResponse response, bool keep, long epoch)
    {
        // Nobody is there.
    }

    void ISubscriber.Subscribed(EntityId recipientId, EntityId entityId, long epoch)
    {
        // Nobody is there.
    }

    void ISubscriber.Renewed(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed)
    {
        // Nobody is there.
    }

    void ISubscriber.Remembered(EntityId recipientId)
    {
        // Nobody is there.
    }
}
