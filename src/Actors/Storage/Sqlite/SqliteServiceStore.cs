using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>Services in the embedded store: the same threads and connections as its queues.</summary>
internal sealed class SqliteServiceStore(WorkerThreads<QueueWriter> writer, WorkerThreads<QueueReader> readers) : IServiceStore
{
    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<ServiceChange>> sets, CancellationToken cancellation)
    {
        try
        {
            return await writer.RunAsync(connection => connection.Commit(sets), cancellation);
        }
        catch (Exception notBegun) when (notBegun is StoreUnavailableException or OperationCanceledException)
        {
            return new CommitResult(CommitOutcome.Failed, [], notBegun);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ServiceRecord?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) =>
        await ReadAsync(reader => reader.Load(ids), cancellation);

    /// <inheritdoc/>
    public async ValueTask<(EntityId ServiceId, ServiceRole Role)?> FindAsync(EntityId fingerprint, CancellationToken cancellation) =>
        await ReadAsync(reader => reader.Find(fingerprint), cancellation);

    /// <inheritdoc/>
    public async ValueTask<ServiceQueues> CountAsync(EntityId serviceId, CancellationToken cancellation) =>
        await ReadAsync(reader => reader.Count(serviceId), cancellation);

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindQueuesAsync(
        EntityId serviceId, EntityId after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await ReadAsync(reader => reader.FindQueues(serviceId, after, limit), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<ServiceNotifier> Notifiers, EntityId? Next)> FindNotifiersAsync(
        EntityId serviceId, EntityId after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await ReadAsync(reader => reader.FindNotifiers(serviceId, after, limit), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<int> DeleteUnusedAsync(int day, CancellationToken cancellation)
    {
        (CommitResult result, int deleted) = await writer.RunAsync(connection => connection.DeleteUnusedServices(day), cancellation);
        return result.Outcome is CommitOutcome.Committed
            ? deleted
            : throw new StoreUnavailableException("The store could not delete unused services.", result.Cause);
    }

    private async Task<TResult> ReadAsync<TResult>(Func<ServiceReader, TResult> read, CancellationToken cancellation)
    {
        try
        {
            return await readers.RunAsync(reader => read(reader.Services), cancellation);
        }
        catch (SqliteException fault)
        {
            throw new StoreUnavailableException("The store cannot be read.", fault);
        }
    }
}
