using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Services.Remote;

/// <summary>
/// The holders of all services of the cluster. The owner of a service knows its holder; for a service that runs elsewhere
/// somebody takes its place who passes everything on to the owner.
/// </summary>
/// <param name="here">Holders of the services that run here.</param>
/// <param name="map">Who owns which service.</param>
/// <param name="services">All services.</param>
public sealed class ClusterServiceDirectory(ServiceDirectory here, IShardMap map, IEntityRegion<ServiceCommand> services) : IServiceDirectory
{
    /// <inheritdoc/>
    public IServiceSubscriber? HolderOf(EntityId serviceId) => IsHere(serviceId) ? here.HolderOf(serviceId) : new HolderElsewhere(serviceId, services);

    /// <inheritdoc/>
    public void TellHolder(EntityId serviceId, EntityId entityId, SmpResponse response, ISubscriber? cause)
    {
        if (IsHere(serviceId))
        {
            here.TellHolder(serviceId, entityId, response, cause);
        }
        else
        {
            _ = services.TellAsync(serviceId, new ServiceCommand.HolderEvent(entityId, response, cause), CancellationToken.None).AsTask();
        }
    }

    private bool IsHere(in EntityId serviceId) => map.OwnerOf(Sharding.ShardOf(serviceId, map.ShardCount)).Node == map.Self;

    private sealed class HolderElsewhere(EntityId serviceId, IEntityRegion<ServiceCommand> services) : IServiceSubscriber
    {
        public EntityId? ServiceId => serviceId;

        public bool IsSameAs(ISubscriber other) => false;

        public void Mail(EntityId recipientId, ISubscriber? lost = null) => Tell(new ServiceCommand.Mail(recipientId, lost));

        public void NotifierMail(EntityId recipientId, EntityId notifierId) => Tell(new ServiceCommand.NotifierMail(recipientId, notifierId));

        public void Event(EntityId entityId, SmpResponse response, bool keep, long epoch) => Tell(new ServiceCommand.HolderEvent(entityId, response, null));

        public void Deliver(Delivery delivery) => Mail(delivery.RecipientId);

        public void Notify(EntityId recipientId, EntityId notifierId, StoredNotification notification) => throw Unexpected();

        public void NotifyStored(EntityId recipientId, EntityId notifierId) => throw Unexpected();

        public void Subscribed(EntityId recipientId, EntityId entityId, long epoch) => throw Unexpected();

        public void Renewed(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed) => throw Unexpected();

        public void Remembered(EntityId recipientId) => throw Unexpected();

        public void Joined(bool subscribed, long epoch) => throw Unexpected();

        public void Ended(ServiceQueues? counters) => throw Unexpected();

        public void Attached(EntityId recipientId, EntityId entityId, long epoch) => throw Unexpected();

        public void AttachAnswered(EntityId entityId, bool failed) => throw Unexpected();

        public void Taken(EntityId entityId) => throw Unexpected();

        private static InvalidOperationException Unexpected() => new("Only the holder itself is told this.");

        // Mail is about queues with something stored: when it cannot be told, the holder finds the queue when it asks anew.
        private void Tell(ServiceCommand command) => _ = services.TellAsync(serviceId, command, CancellationToken.None).AsTask();
    }
}
