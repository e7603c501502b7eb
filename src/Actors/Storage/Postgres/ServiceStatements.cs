using Npgsql;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>The statements that store changes of services.</summary>
internal sealed class ServiceStatements : IChangeStatements<ServiceChange>
{
    private const string Insert =
        "INSERT INTO services (" + PostgresServiceRow.Columns + ", queue_count, queue_ids_hash) "
        + "SELECT r.*, 0, $7 FROM unnest($1::bytea[], $2::text[], $3::bytea[], $4::bytea[], $5::integer[], $6::integer[]) AS r";

    private const string Use =
        "WITH used AS (UPDATE services s SET last_used_day = r.day FROM unnest($1::bytea[], $2::integer[]) AS r (service_id, day) "
        + "WHERE s.service_id = r.service_id RETURNING 1) "
        + "SELECT refuse('" + PostgresErrors.Conflict + "', 'a service is not stored') WHERE (SELECT count(*) FROM used) <> cardinality($1)";

    /// <inheritdoc/>
    public bool MayConflict(ServiceChange change) => true;

    /// <inheritdoc/>
    public bool TryAppend(NpgsqlBatch batch, IReadOnlyList<WriteSet<ServiceChange>> sets)
    {
        var created = new List<ServiceRecord>();
        var used = new SortedDictionary<EntityId, int>(Comparer<EntityId>.Create((left, right) => left.Bytes.SequenceCompareTo(right.Bytes)));
        foreach (ServiceChange change in sets.SelectMany(set => set.Changes))
        {
            switch (change)
            {
                case ServiceChange.Create create:
                    created.Add(create.Record);
                    break;
                case ServiceChange.Use use:
                    used[use.ServiceId] = use.Day;
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(sets), change.GetType(), null);
            }
        }

        if (created.Count > 0)
        {
            PostgresServiceRow.AddColumns(batch.Add(Insert), created).With(ServiceQueues.EmptyHash);
        }

        if (used.Count > 0)
        {
            batch.Add(Use).WithIds(used.Keys).WithIntegers(used.Values, day => day);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Committed(NpgsqlBatch batch)
    {
    }
}
