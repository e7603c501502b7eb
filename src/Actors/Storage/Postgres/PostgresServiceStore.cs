using Npgsql;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Services in the same database as the queues.</summary>
internal sealed class PostgresServiceStore(PostgresReads reads, WriteLane lane, StoreLog log) : IServiceStore
{
    /// <summary>Queues of a service, and whether they hold messages.</summary>
    public const string Queues =
        "SELECT recipient_id, EXISTS (SELECT 1 FROM messages m WHERE m.recipient_id = q.recipient_id), recipient_id "
        + "FROM queues q WHERE service_id = $1 AND recipient_id > $2 ORDER BY recipient_id LIMIT $3";

    /// <summary>Notifiers of a service, and whether notifications wait for them.</summary>
    public const string Notifiers =
        "SELECT notifier_id, EXISTS (SELECT 1 FROM notifications n WHERE n.notifier_id = q.notifier_id), recipient_id "
        + "FROM queues q WHERE notifier_service_id = $1 AND notifier_id > $2 ORDER BY notifier_id LIMIT $3";

    private const string Records = "SELECT " + PostgresServiceRow.Columns + " FROM services WHERE service_id = ANY ($1)";

    private readonly GroupCommit<ServiceChange> _commit = new(lane, new ServiceStatements());

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<ServiceChange>> sets, CancellationToken cancellation) =>
        await _commit.CommitAsync(sets, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ServiceRecord?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation)
    {
        List<ServiceRecord?> rows = await reads.ListAsync(batch => batch.Add(Records).WithIds(ids), Record, cancellation);
        var found = rows.OfType<ServiceRecord>().ToDictionary(record => record.ServiceId);
        return [.. ids.Select(id => found.GetValueOrDefault(id))];
    }

    /// <inheritdoc/>
    public async ValueTask<(EntityId ServiceId, ServiceRole Role)?> FindAsync(EntityId fingerprint, CancellationToken cancellation) =>
        await reads.FirstAsync(batch => batch.Add("SELECT service_id, role FROM services WHERE fingerprint = $1").With(fingerprint), Found, cancellation);

    /// <inheritdoc/>
    public async ValueTask<ServiceQueues> CountAsync(EntityId serviceId, CancellationToken cancellation) => await reads.FirstAsync<ServiceQueues>(
        batch => batch.Add("SELECT queue_count, queue_ids_hash FROM services WHERE service_id = $1").With(serviceId),
        row => new ServiceQueues(row.GetInt64(0), new EntityId(row.GetFieldValue<byte[]>(1))),
        cancellation) ?? new ServiceQueues(0, ServiceQueues.EmptyHash);

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindQueuesAsync(
        EntityId serviceId, EntityId after, int limit, CancellationToken cancellation)
    {
        (List<ServiceNotifier> found, EntityId? next) = await FindAsync(Queues, serviceId, after, limit, cancellation);
        return ([.. found.Select(row => row.RecipientId)], next);
    }

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<ServiceNotifier> Notifiers, EntityId? Next)> FindNotifiersAsync(
        EntityId serviceId, EntityId after, int limit, CancellationToken cancellation) =>
        await FindAsync(Notifiers, serviceId, after, limit, cancellation);

    /// <inheritdoc/>
    public async ValueTask<int> DeleteUnusedAsync(int day, CancellationToken cancellation)
    {
        int deleted = 0;
        CommitResult result = await lane.RunAsync(
            batch => batch.Add("DELETE FROM services WHERE queue_count = 0 AND last_used_day < $1").With(day),
            batch => deleted = batch.BatchCommands[0].RecordsAffected,
            cancellation);
        return result.Outcome is CommitOutcome.Committed
            ? deleted
            : throw new StoreUnavailableException("The store could not delete unused services.", result.Cause);
    }

    /// <summary>Goes over at most <see cref="StoreLimits.ServiceScanRows"/> rows.</summary>
    private async Task<(List<ServiceNotifier> Found, EntityId? Next)> FindAsync(
        string sql, EntityId serviceId, EntityId after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        List<(EntityId? Id, bool HasSomething, EntityId? Queue)> rows = await reads.ListAsync(
            batch => batch.Add(sql).With(serviceId).With(after).With((long)StoreLimits.ServiceScanRows),
            row => (
                PostgresQueueRow.TryReadId(row, 0, out EntityId? id) ? id : null,
                row.GetBoolean(1),
                PostgresQueueRow.TryReadId(row, 2, out EntityId? queue) ? queue : null),
            cancellation);
        var found = new List<ServiceNotifier>();
        EntityId? last = null;
        foreach ((EntityId? row, bool hasSomething, EntityId? queue) in rows)
        {
            last = row ?? last;
            if (row is not { } id || queue is not { } recipientId)
            {
                log.DamagedRow("queues");
            }
            else if (hasSomething)
            {
                found.Add(new ServiceNotifier(id, recipientId));
            }

            if (found.Count == limit)
            {
                return (found, last);
            }
        }

        return (found, rows.Count < StoreLimits.ServiceScanRows ? null : last);
    }

    private ServiceRecord? Record(NpgsqlDataReader row)
    {
        if (!PostgresServiceRow.TryRead(row, out ServiceRecord? record))
        {
            log.DamagedRow("services");
        }

        return record;
    }

    private (EntityId ServiceId, ServiceRole Role)? Found(NpgsqlDataReader row)
    {
        if (PostgresQueueRow.TryReadId(row, 0, out EntityId? id) && id is { } serviceId && PostgresServiceRow.TryReadRole(row, 1, out ServiceRole role))
        {
            return (serviceId, role);
        }

        log.DamagedRow("services");
        return null;
    }
}
