using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage.Sqlite;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage;

/// <summary>
/// The embedded store: one SQLite file with a write-ahead log, flushed to the disk with every commit. One
/// thread writes and a few read beside it; what they do is in <see cref="Sqlite.QueueWriter"/> and
/// <see cref="Sqlite.QueueReader"/>. Opening costs the same however much is stored.
/// </summary>
/// <remarks>
/// A full disk, an I/O error or a read-only file fails the calls that meet it and nothing else: the next call
/// tries again, so the store works as soon as the disk does.
/// </remarks>
public sealed class SqliteQueueStore : IQueueStore
{
    private readonly StoreLog _log;
    private readonly TimeProvider _time;
    private readonly IDisposable _lock;
    private readonly WorkerThreads<QueueWriter> _writer;
    private readonly WorkerThreads<QueueReader> _readers;
    private readonly QueueWriter _writing;

    private SqliteQueueStore(
        StoreLog log, TimeProvider time, IDisposable storeLock, WorkerThreads<QueueWriter> writer, QueueWriter writing, WorkerThreads<QueueReader> readers)
    {
        _writing = writing;
        _log = log;
        _time = time;
        _lock = storeLock;
        _writer = writer;
        _readers = readers;
        Services = new SqliteServiceStore(writer, readers);
    }

    /// <inheritdoc/>
    public IServiceStore Services { get; }

    /// <summary>Opens the store; creates it when there is none, migrates it when it is older.</summary>
    /// <exception cref="StoreOpenException">
    /// Damaged, newer or foreign file, folder that cannot be written, full disk, in use: one line for the operator.
    /// </exception>
    public static async Task<SqliteQueueStore> OpenAsync(SqliteStoreOptions options, ILogger<SqliteQueueStore> logger, TimeProvider time)
    {
        options = options with { Path = Path.GetFullPath(options.Path) };
        var log = new StoreLog(logger);
        IDisposable storeLock = StoreLock.Take(options.Path);
        WorkerThreads<QueueWriter>? writer = null;
        QueueWriter? writing = null;
        try
        {
            writer = await WorkerThreads<QueueWriter>.StartAsync(
                "store writer", 1, StoreLimits.WaitingCalls, () => writing = SqliteConnections.OpenWriter(options, log), connection => connection.CheckpointIfDue());
            WorkerThreads<QueueReader> readers = await WorkerThreads<QueueReader>.StartAsync(
                "store reader", StoreLimits.ReaderThreads, StoreLimits.WaitingCalls, () => SqliteConnections.OpenReader(options, log));
            return new SqliteQueueStore(log, time, storeLock, writer, writing!, readers);
        }
        catch
        {
            if (writer is not null)
            {
                await writer.DisposeAsync();
            }

            storeLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<QueueChange>> sets, CancellationToken cancellation)
    {
        try
        {
            return await _writer.RunAsync(writer => writer.Commit(sets), cancellation);
        }
        catch (Exception notBegun) when (notBegun is StoreUnavailableException or OperationCanceledException)
        {
            return new CommitResult(CommitOutcome.Failed, [], notBegun);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredQueue?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) =>
        await ReadAsync(reader => reader.Snapshot(snapshot => snapshot.Load(ids)), cancellation);

    /// <inheritdoc/>
    public async ValueTask<EntityId?> ResolveAsync(QueueAlias kind, EntityId alias, CancellationToken cancellation) =>
        await ReadAsync(reader => reader.Resolve(kind, alias), cancellation);

    /// <inheritdoc/>
    public async ValueTask<MessageBody> ReadBodyAsync(EntityId recipientId, MessageHeader header, CancellationToken cancellation)
    {
        MessageBody body = await ReadAsync(reader => reader.ReadBody(recipientId, header), cancellation);
        if (body.State is MessageBodyState.Corrupt)
        {
            await QuarantineAsync(recipientId, header.Sequence);
        }

        return body;
    }

    /// <inheritdoc/>
    public async ValueTask<LinkData?> ReadLinkAsync(EntityId linkId, CancellationToken cancellation) =>
        await ReadAsync(reader => reader.ReadLink(linkId), cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(EntityId notifierId, CancellationToken cancellation) =>
        await ReadAsync(reader => reader.ReadNotifications(notifierId), cancellation);

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<EntityId> Queues, ExpiryCursor? Cursor)> FindExpiredAsync(
        long olderThan, ExpiryCursor cursor, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await ReadAsync(reader => reader.FindExpired(olderThan, cursor, limit), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindUnusedAsync(
        UnusedSince since, EntityId after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await ReadAsync(reader => reader.FindUnused(since, after, limit), cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>One short transaction per page, so that other commits go on between them.</remarks>
    public async ValueTask<int> ExpireNotificationsAsync(long olderThan, CancellationToken cancellation)
    {
        int total = 0;
        int deleted;
        do
        {
            (CommitResult result, deleted) = await _writer.RunAsync(writer => writer.ExpireNotifications(olderThan), cancellation);
            if (result.Outcome is not CommitOutcome.Committed)
            {
                throw new StoreUnavailableException("The store could not delete old notifications.", result.Cause);
            }

            total += deleted;
        }
        while (deleted == StoreLimits.NotificationScanRows);

        return total;
    }

    /// <inheritdoc/>
    public async ValueTask<long> MeasureAsync(CancellationToken cancellation) =>
        await ReadAsync(reader => reader.Snapshot(snapshot => snapshot.Measure()), cancellation);

    /// <inheritdoc/>
    public async ValueTask<StoreCounts> CountAsync(CancellationToken cancellation) =>
        await ReadAsync(reader => reader.Snapshot(snapshot => snapshot.Count()), cancellation);

    /// <inheritdoc/>
    public long NotificationsLost => _writing.NotificationsLost;

    /// <inheritdoc/>
    public async ValueTask<StoredStatistics?> ReadStatisticsAsync(CancellationToken cancellation) =>
        await ReadAsync(reader => reader.Snapshot(snapshot => snapshot.ReadStatistics()), cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StatisticsPeriod>> ReadPeriodsAsync(CancellationToken cancellation) =>
        await ReadAsync(reader => reader.ReadPeriods(), cancellation);

    /// <inheritdoc/>
    public async ValueTask WriteStatisticsAsync(StatisticsUpdate update, CancellationToken cancellation)
    {
        CommitResult result = await _writer.RunAsync(writer => writer.Write(update), cancellation);
        if (result.Outcome is not CommitOutcome.Committed)
        {
            throw new StoreUnavailableException("The store could not keep the statistics.", result.Cause);
        }
    }

    /// <summary>Finishes the calls that wait, closes the database and releases it to other processes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _writer.DisposeAsync();
        _lock.Dispose();
    }

    private async Task<TResult> ReadAsync<TResult>(Func<QueueReader, TResult> read, CancellationToken cancellation)
    {
        try
        {
            return await _readers.RunAsync(read, cancellation);
        }
        catch (SqliteException fault)
        {
            throw new StoreUnavailableException("The store cannot be read.", fault);
        }
    }

    private async Task QuarantineAsync(EntityId recipientId, long sequence)
    {
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        CommitResult result = await _writer.RunAsync(writer => writer.Quarantine(recipientId, sequence, now), CancellationToken.None);
        if (result.Outcome is CommitOutcome.Committed)
        {
            _log.MessageQuarantined();
        }
        else
        {
            _log.QuarantineFailed(result.Cause);
        }
    }
}
