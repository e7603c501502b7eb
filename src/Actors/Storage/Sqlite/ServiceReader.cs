using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>What a reading connection knows of services. Used by one thread.</summary>
internal sealed class ServiceReader(SqliteDatabase database, StoreLog log)
{
    private readonly SqliteStatement _service = database.Prepare($"SELECT {ServiceRow.Columns} FROM services WHERE service_id = ?1");
    private readonly SqliteStatement _byFingerprint = database.Prepare("SELECT service_id, role FROM services WHERE fingerprint = ?1");
    private readonly SqliteStatement _counters = database.Prepare("SELECT queue_count, queue_ids_hash FROM services WHERE service_id = ?1");

    private readonly SqliteStatement _queues = database.Prepare(
        "SELECT recipient_id, EXISTS (SELECT 1 FROM messages WHERE messages.recipient_id = queues.recipient_id) "
        + "FROM queues WHERE service_id = ?1 AND recipient_id > ?2 ORDER BY recipient_id LIMIT ?3");

    private readonly SqliteStatement _notifiers = database.Prepare(
        "SELECT notifier_id, EXISTS (SELECT 1 FROM notifications WHERE notifications.notifier_id = queues.notifier_id), recipient_id "
        + "FROM queues WHERE notifier_service_id = ?1 AND notifier_id > ?2 ORDER BY notifier_id LIMIT ?3");

    /// <summary>Records of services, in the order of <paramref name="ids"/>.</summary>
    public ServiceRecord?[] Load(IReadOnlyList<EntityId> ids)
    {
        var rows = new ServiceRecord?[ids.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Load(ids[i]);
        }

        return rows;
    }

    /// <summary>The service of a fingerprint.</summary>
    public (EntityId ServiceId, ServiceRole Role)? Find(in EntityId fingerprint)
    {
        if (!_byFingerprint.Bind(1, fingerprint).First())
        {
            return null;
        }

        bool valid = QueueRow.TryReadId(_byFingerprint, 0, out EntityId? serviceId) & ServiceRow.TryReadRole(_byFingerprint, 1, out ServiceRole role);
        _byFingerprint.Reset();
        if (valid && serviceId is { } id)
        {
            return (id, role);
        }

        log.DamagedRow("services");
        return null;
    }

    /// <summary>Counters of a service; none for an unknown one.</summary>
    public ServiceQueues Count(in EntityId serviceId)
    {
        if (!_counters.Bind(1, serviceId).First())
        {
            return new ServiceQueues(0, ServiceQueues.EmptyHash);
        }

        var counters = new ServiceQueues(_counters.Integer(0), new EntityId(_counters.Blob(1)));
        _counters.Reset();
        return counters;
    }

    /// <summary>One page of queues with messages.</summary>
    public (IReadOnlyList<EntityId> Queues, EntityId? Next) FindQueues(in EntityId serviceId, in EntityId after, int limit)
    {
        var found = new List<EntityId>();
        EntityId? next = Scan(_queues, serviceId, after, limit, (_, id) => found.Add(id));
        return (found, next);
    }

    /// <summary>One page of notifiers with waiting notifications.</summary>
    public (IReadOnlyList<ServiceNotifier> Notifiers, EntityId? Next) FindNotifiers(in EntityId serviceId, in EntityId after, int limit)
    {
        var found = new List<ServiceNotifier>();
        EntityId? next = Scan(_notifiers, serviceId, after, limit, (row, id) =>
        {
            if (QueueRow.TryReadId(row, 2, out EntityId? recipientId) && recipientId is { } queue)
            {
                found.Add(new ServiceNotifier(id, queue));
            }
        });
        return (found, next);
    }

    /// <summary>Goes over at most <see cref="StoreLimits.ServiceScanRows"/> rows: id, whether it has something, and what else.</summary>
    private EntityId? Scan(SqliteStatement rows, in EntityId serviceId, in EntityId after, int limit, Action<SqliteStatement, EntityId> found)
    {
        int taken = 0;
        int scanned = 0;
        EntityId? last = null;
        try
        {
            rows.Bind(1, serviceId).Bind(2, after).Bind(3, StoreLimits.ServiceScanRows);
            while (taken < limit && rows.Step())
            {
                scanned++;
                if (!QueueRow.TryReadId(rows, 0, out last) || last is not { } id)
                {
                    log.DamagedRow("queues");
                }
                else if (rows.Integer(1) != 0)
                {
                    taken++;
                    found(rows, id);
                }
            }
        }
        finally
        {
            rows.Reset();
        }

        return taken == limit || scanned == StoreLimits.ServiceScanRows ? last : null;
    }

    private ServiceRecord? Load(in EntityId id)
    {
        if (!_service.Bind(1, id).First())
        {
            return null;
        }

        if (!ServiceRow.TryRead(_service, out ServiceRecord? record))
        {
            log.DamagedRow("services");
        }

        _service.Reset();
        return record;
    }
}
