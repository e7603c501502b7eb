using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Storage;

/// <summary>
/// The part of an <see cref="IQueueStore"/> that knows client services. How many queues a service has, and their hash,
/// is kept by <see cref="Queues.QueueChange.ServiceQueue"/> in the transactions of the queues (S-323).
/// All reads throw <see cref="StoreUnavailableException"/> when the store cannot be used now.
/// </summary>
public interface IServiceStore : IEntityStore<ServiceRecord, ServiceChange>
{
    /// <summary>Id and role of the service with this identity; null when there is none (S-101).</summary>
    ValueTask<(EntityId ServiceId, ServiceRole Role)?> FindAsync(EntityId fingerprint, CancellationToken cancellation);

    /// <summary>Number and hash of the queues or notifiers of a service; none for an unknown one (S-315).</summary>
    ValueTask<ServiceQueues> CountAsync(EntityId serviceId, CancellationToken cancellation);

    /// <summary>
    /// Queues of a service that hold messages, in the order of their ids: at most <paramref name="limit"/>, and fewer when
    /// many without messages had to be passed over.
    /// </summary>
    /// <param name="serviceId">The service.</param>
    /// <param name="after">Id after which to begin; empty at first.</param>
    /// <param name="limit">At least 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The queues and where the next page begins; null when there is none.</returns>
    ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindQueuesAsync(EntityId serviceId, EntityId after, int limit, CancellationToken cancellation);

    /// <summary>As <see cref="FindQueuesAsync"/> for notifiers of a service with waiting notifications.</summary>
    ValueTask<(IReadOnlyList<ServiceNotifier> Notifiers, EntityId? Next)> FindNotifiersAsync(
        EntityId serviceId, EntityId after, int limit, CancellationToken cancellation);

    /// <summary>Deletes services without queues that did not connect since <paramref name="day"/> (S-498).</summary>
    /// <param name="day">Whole days since the Unix epoch; services used on that day stay.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many were deleted.</returns>
    ValueTask<int> DeleteUnusedAsync(int day, CancellationToken cancellation);
}

/// <summary>A notifier that belongs to a service.</summary>
/// <param name="NotifierId">Names the queue to the service.</param>
/// <param name="RecipientId">The queue.</param>
public readonly record struct ServiceNotifier(EntityId NotifierId, EntityId RecipientId);
