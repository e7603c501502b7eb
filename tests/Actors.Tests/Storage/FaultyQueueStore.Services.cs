using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Faults of the calls that concern services; all of them together are <see cref="StoreMethod.Services"/>.</summary>
public sealed partial class FaultyQueueStore
{
    private ServiceFaults? _services;

    /// <inheritdoc/>
    public IServiceStore Services => _services ??= new ServiceFaults(this, inner.Services);

    private sealed class ServiceFaults(FaultyQueueStore faults, IServiceStore inner) : IServiceStore
    {
        public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<ServiceChange>> sets, CancellationToken cancellation)
        {
            try
            {
                return await faults.CallAsync(StoreMethod.Services, () => inner.CommitAsync(sets, cancellation), cancellation, writes: true);
            }
            catch (StoreUnavailableException fault)
            {
                return new CommitResult(CommitOutcome.Unknown, [], fault);
            }
        }

        public ValueTask<IReadOnlyList<ServiceRecord?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) =>
            faults.CallAsync(StoreMethod.Services, () => inner.LoadAsync(ids, cancellation), cancellation);

        public ValueTask<(EntityId ServiceId, ServiceRole Role)?> FindAsync(EntityId fingerprint, CancellationToken cancellation) =>
            faults.CallAsync(StoreMethod.Services, () => inner.FindAsync(fingerprint, cancellation), cancellation);

        public ValueTask<ServiceQueues> CountAsync(EntityId serviceId, CancellationToken cancellation) =>
            faults.CallAsync(StoreMethod.Services, () => inner.CountAsync(serviceId, cancellation), cancellation);

        public ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindQueuesAsync(
            EntityId serviceId, EntityId after, int limit, CancellationToken cancellation) =>
            faults.CallAsync(StoreMethod.Services, () => inner.FindQueuesAsync(serviceId, after, limit, cancellation), cancellation);

        public ValueTask<(IReadOnlyList<ServiceNotifier> Notifiers, EntityId? Next)> FindNotifiersAsync(
            EntityId serviceId, EntityId after, int limit, CancellationToken cancellation) =>
            faults.CallAsync(StoreMethod.Services, () => inner.FindNotifiersAsync(serviceId, after, limit, cancellation), cancellation);

        public ValueTask<int> DeleteUnusedAsync(int day, CancellationToken cancellation) =>
            faults.CallAsync(StoreMethod.Services, () => inner.DeleteUnusedAsync(day, cancellation), cancellation, writes: true);
    }
}
