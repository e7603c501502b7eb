using Microsoft.Extensions.Logging;
using Npgsql;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage.Migration;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage;

/// <summary>
/// The store that several nodes share: a PostgreSQL database. Every group of changes is one round trip and one transaction
/// (<see cref="GroupCommit{TChange}"/>), which first checks that the shards still belong to who decided the changes.
/// </summary>
/// <remarks>
/// <para>
/// When the database cannot be reached, calls fail within seconds, and the next ones try again. When a connection breaks while a
/// commit is under way nobody knows how it ends, and the server may still be about to carry it out; before anything else is
/// read or written its process in the server is ended (<see cref="UnsettledProcesses"/>), so that what is read then stays true.
/// </para>
/// <para>Connections must lead to the server itself or to a pooler that shares them by session.</para>
/// </remarks>
public sealed class PostgresQueueStore : IQueueStore
{
    private readonly StoreLog _log;
    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _readSource;
    private readonly NpgsqlDataSource _writeSource;
    private readonly UnsettledProcesses _unsettled;
    private readonly PostgresReads _reads;
    private readonly PostgresQueueReader _reader;
    private readonly PostgresStatistics _statistics;
    private readonly WriteLane _queueLane;
    private readonly WriteLane _serviceLane;
    private readonly WriteLane _upkeepLane;
    private readonly QueueStatements _statements;
    private readonly GroupCommit<QueueChange> _commit;
    private readonly string _node;

    private PostgresQueueStore(PostgresStoreOptions options, ILogger logger, TimeProvider time)
    {
        const int WriteConnections = 4; // A lane each, and one to settle what they leave.
        var log = new PostgresStoreLog(logger);
        _log = new StoreLog(logger);
        _time = time;
        _node = options.Node;
        _readSource = PostgresSources.ForReading(options);
        _writeSource = PostgresSources.ForWriting(options, WriteConnections);
        _unsettled = new UnsettledProcesses(_writeSource, log);
        _reads = new PostgresReads(_readSource, _unsettled, new StoreCondition(log.ReadsFail, log.ReadsRecovered));
        _reader = new PostgresQueueReader(_reads, _log);
        _statistics = new PostgresStatistics(_reads, options.Node, _log);
        var writes = new StoreCondition(_log.WritesFail, _log.WritesRecovered);
        _queueLane = new WriteLane(_writeSource, _unsettled, writes, time);
        _serviceLane = new WriteLane(_writeSource, _unsettled, writes, time);
        _upkeepLane = new WriteLane(_writeSource, _unsettled, writes, time);
        _statements = new QueueStatements(options.Node);
        _commit = new GroupCommit<QueueChange>(_queueLane, _statements);
        Services = new PostgresServiceStore(_reads, _serviceLane, _log);
        ClusterPeriods = new PostgresClusterPeriods(_reads, _upkeepLane, _log);
    }

    /// <inheritdoc/>
    public IServiceStore Services { get; }

    /// <summary>Statistics that concern all nodes.</summary>
    public IPeriodStore ClusterPeriods { get; }

    /// <inheritdoc/>
    public long NotificationsLost => _statements.NotificationsLost;

    /// <summary>Opens the store; makes its tables when there are none, migrates them when they are older.</summary>
    /// <exception cref="StoreOpenException">
    /// Server not reachable or too old, wrong password, no such database, another program's or a newer schema: one line for the
    /// operator.
    /// </exception>
    public static async Task<PostgresQueueStore> OpenAsync(
        PostgresStoreOptions options, ILogger<PostgresQueueStore> logger, TimeProvider time, CancellationToken cancellation = default)
    {
        await using (NpgsqlDataSource opening = PostgresSources.ForOpening(options))
        {
            await PostgresMigrations.ApplyAsync(opening, logger, cancellation);
        }

        var store = new PostgresQueueStore(options, logger, time);
        string place = PostgresErrors.Place(options.ConnectionString);
        CommitResult result = await store._upkeepLane.RunAsync(batch => Begin(batch, options.Node), _ => { }, cancellation);
        if (result.Outcome is CommitOutcome.Committed)
        {
            store._log.Opened(PostgresMigrations.Latest);
            return store;
        }

        await store.DisposeAsync();
        throw new StoreOpenException(
            result.Cause is PostgresException { SqlState: PostgresErrors.HalfCopied }
                ? StoreCopyMarker.Refusal(place)
                : $"The database {place} cannot be written: {result.Cause?.Message.ReplaceLineEndings(" ")}",
            result.Cause);
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<QueueChange>> sets, CancellationToken cancellation) =>
        await _commit.CommitAsync(sets, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredQueue?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) =>
        await _reader.LoadAsync(ids, cancellation);

    /// <inheritdoc/>
    public async ValueTask<EntityId?> ResolveAsync(QueueAlias kind, EntityId alias, CancellationToken cancellation) =>
        await _reader.ResolveAsync(kind, alias, cancellation);

    /// <inheritdoc/>
    public async ValueTask<MessageBody> ReadBodyAsync(EntityId recipientId, MessageHeader header, CancellationToken cancellation)
    {
        MessageBody body = await _reader.ReadBodyAsync(recipientId, header, cancellation);
        if (body.State is MessageBodyState.Corrupt)
        {
            await QuarantineAsync(recipientId, header.Sequence);
        }

        return body;
    }

    /// <inheritdoc/>
    public async ValueTask<LinkData?> ReadLinkAsync(EntityId linkId, CancellationToken cancellation) =>
        await _reader.ReadLinkAsync(linkId, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(EntityId notifierId, CancellationToken cancellation) =>
        await _reader.ReadNotificationsAsync(notifierId, cancellation);

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<EntityId> Queues, ExpiryCursor? Cursor)> FindExpiredAsync(
        long olderThan, ExpiryCursor cursor, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await _reader.FindExpiredAsync(olderThan, cursor, limit, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindUnusedAsync(
        UnusedSince since, EntityId after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await _reader.FindUnusedAsync(since, after, limit, cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>One short transaction per page; rows that a commit holds are left for the next time.</remarks>
    public async ValueTask<int> ExpireNotificationsAsync(long olderThan, CancellationToken cancellation)
    {
        int total = 0;
        int deleted = 0;
        do
        {
            CommitResult result = await _upkeepLane.RunAsync(
                batch => batch.Add(UpkeepStatements.ExpireNotifications).With(olderThan).With((long)StoreLimits.NotificationScanRows),
                batch => deleted = batch.BatchCommands[0].RecordsAffected,
                cancellation);
            ThrowUnlessCommitted(result, "The store could not delete old notifications.");
            total += deleted;
        }
        while (deleted == StoreLimits.NotificationScanRows);

        return total;
    }

    /// <inheritdoc/>
    public async ValueTask<long> MeasureAsync(CancellationToken cancellation) => await _reader.MeasureAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask<StoreCounts> CountAsync(CancellationToken cancellation) => await _reader.CountAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask<StoredStatistics?> ReadStatisticsAsync(CancellationToken cancellation) => await _statistics.ReadAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StatisticsPeriod>> ReadPeriodsAsync(CancellationToken cancellation) =>
        await _statistics.ReadPeriodsAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask WriteStatisticsAsync(StatisticsUpdate update, CancellationToken cancellation) => ThrowUnlessCommitted(
        await _upkeepLane.RunAsync(batch => _statistics.Append(batch, update), _ => { }, cancellation), "The store could not keep the statistics.");

    /// <summary>Finishes the commits that wait and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _reads.Close();
        await _queueLane.DisposeAsync();
        await _serviceLane.DisposeAsync();
        await _upkeepLane.DisposeAsync();
        await _readSource.DisposeAsync();
        await _writeSource.DisposeAsync();
        _unsettled.Dispose();
    }

    private static void ThrowUnlessCommitted(CommitResult result, string message)
    {
        if (result.Cause is OperationCanceledException cancelled)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cancelled);
        }

        if (result.Outcome is not CommitOutcome.Committed)
        {
            throw new StoreUnavailableException(message, result.Cause);
        }
    }

    // Who begins to copy a store later finds the row of this node, and who began earlier is found here.
    private static void Begin(NpgsqlBatch batch, string node)
    {
        batch.Add("INSERT INTO message_bytes (node, bytes) VALUES ($1, 0) ON CONFLICT DO NOTHING").With(node);
        batch.Add(StoreCopyMarker.RefuseHalf);
    }

    private async Task QuarantineAsync(EntityId recipientId, long sequence)
    {
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        CommitResult result = await _upkeepLane.RunAsync(
            batch => UpkeepStatements.AppendQuarantine(batch, recipientId, sequence, now, _node), _ => { }, CancellationToken.None);
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
