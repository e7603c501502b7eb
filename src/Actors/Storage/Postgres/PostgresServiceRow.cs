using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Npgsql;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>A row of <c>services</c>, written and read side by side; without the counters.</summary>
internal static class PostgresServiceRow
{
    /// <summary>Columns in the order of <see cref="AddColumns"/> and <see cref="TryRead"/>.</summary>
    public const string Columns = "service_id, role, certificates, fingerprint, created_day, last_used_day";

    /// <summary>Adds the 6 arrays of some records.</summary>
    public static NpgsqlBatchCommand AddColumns(NpgsqlBatchCommand command, IReadOnlyCollection<ServiceRecord> records) => command
        .WithIds(records, record => record.ServiceId)
        .WithTexts(records, record => ((char)record.Role).ToString())
        .WithBytes(records, record => StoredChain.Encode(record.Chain))
        .WithIds(records, record => record.Fingerprint)
        .WithIntegers(records, record => record.CreatedDay)
        .WithIntegers(records, record => record.LastUsedDay);

    /// <summary>Reads the current row; false when it is damaged.</summary>
    public static bool TryRead(NpgsqlDataReader row, [NotNullWhen(true)] out ServiceRecord? record)
    {
        record = null;
        if (!PostgresQueueRow.TryReadId(row, 0, out EntityId? serviceId) || serviceId is null
            || !TryReadRole(row, 1, out ServiceRole role)
            || !StoredChain.TryRead(row.GetFieldValue<byte[]>(2), out ImmutableArray<ReadOnlyMemory<byte>> chain)
            || !PostgresQueueRow.TryReadId(row, 3, out EntityId? fingerprint) || fingerprint is null)
        {
            return false;
        }

        record = new ServiceRecord
        {
            ServiceId = serviceId.Value,
            Role = role,
            Chain = chain,
            Fingerprint = fingerprint.Value,
            CreatedDay = row.GetInt32(4),
            LastUsedDay = row.GetInt32(5),
        };
        return true;
    }

    /// <summary>Reads a role; false when it is none.</summary>
    public static bool TryReadRole(NpgsqlDataReader row, int column, out ServiceRole role)
    {
        role = row.GetString(column) is [var letter] ? (ServiceRole)letter : default;
        return role is ServiceRole.Messaging or ServiceRole.Notifier or ServiceRole.Proxy;
    }
}
