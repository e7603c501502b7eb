using System.Collections.Immutable;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>Applies changes of services inside a transaction.</summary>
internal sealed class ServiceChanges(SqliteDatabase database)
{
    private readonly SqliteStatement _insert = database.Prepare(
        $"INSERT INTO services ({ServiceRow.Columns}, queue_count, queue_ids_hash) VALUES ({ServiceRow.Parameters}, 0, ?7)");

    private readonly SqliteStatement _use = database.Prepare("UPDATE services SET last_used_day = ?2 WHERE service_id = ?1");
    private readonly SqliteStatement _readCounters = database.Prepare("SELECT queue_count, queue_ids_hash FROM services WHERE service_id = ?1");
    private readonly SqliteStatement _setCounters = database.Prepare("UPDATE services SET queue_count = ?2, queue_ids_hash = ?3 WHERE service_id = ?1");
    private readonly SqliteStatement _deleteUnused = database.Prepare("DELETE FROM services WHERE queue_count = 0 AND last_used_day < ?1");

    /// <summary>Applies the changes of one set in order.</summary>
    /// <returns>False for a conflict; the caller undoes what was applied.</returns>
    /// <exception cref="SqliteException">Also for an id or a fingerprint that is taken.</exception>
    public bool Apply(ImmutableArray<ServiceChange> changes)
    {
        foreach (ServiceChange change in changes)
        {
            if (!Apply(change))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Counts a queue in or out (S-321, S-323).</summary>
    /// <returns>False when a queue is to be added to a service that is not stored.</returns>
    public bool Toggle(in EntityId serviceId, in EntityId queueId, bool added)
    {
        if (!_readCounters.Bind(1, serviceId).First())
        {
            return !added;
        }

        long count = _readCounters.Integer(0);
        Span<byte> hash = stackalloc byte[ProtocolHash.QueuesHashLength];
        bool sound = _readCounters.Blob(1).TryCopyTo(hash);
        _readCounters.Reset();
        if (!sound)
        {
            throw new InvalidOperationException("The hash of a service's queues is too long.");
        }

        ProtocolHash.ToggleQueue(hash, queueId.Bytes);
        _setCounters.Bind(1, serviceId).Bind(2, count + (added ? 1 : -1)).Bind(3, hash).Execute();
        return true;
    }

    /// <summary>Deletes services without queues that were not used since a day; returns how many.</summary>
    public int DeleteUnused(int day)
    {
        _deleteUnused.Bind(1, day).Execute();
        return database.Changes;
    }

    private bool Apply(ServiceChange change)
    {
        switch (change)
        {
            case ServiceChange.Create create:
                ServiceRow.Bind(_insert, create.Record);
                _insert.Bind(7, ServiceQueues.EmptyHash).Execute();
                return true;
            case ServiceChange.Use use:
                _use.Bind(1, use.ServiceId).Bind(2, use.Day).Execute();
                return database.Changes > 0;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change.GetType(), null);
        }
    }
}
