using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>A row of <c>services</c>, written and read side by side; without the counters.</summary>
internal static class ServiceRow
{
    /// <summary>Columns in the order of <see cref="Bind"/> and <see cref="TryRead"/>.</summary>
    public const string Columns = "service_id, role, certificates, fingerprint, created_day, last_used_day";

    /// <summary>Parameters for <see cref="Columns"/>.</summary>
    public const string Parameters = "?1, ?2, ?3, ?4, ?5, ?6";

    /// <summary>Binds a whole record.</summary>
    public static void Bind(SqliteStatement statement, ServiceRecord record)
    {
        statement
            .Bind(1, record.ServiceId)
            .Bind(2, ((char)record.Role).ToString())
            .Bind(3, StoredChain.Encode(record.Chain).AsSpan())
            .Bind(4, record.Fingerprint)
            .Bind(5, record.CreatedDay)
            .Bind(6, record.LastUsedDay);
    }

    /// <summary>Reads the current row; false when it is damaged.</summary>
    public static bool TryRead(SqliteStatement row, [NotNullWhen(true)] out ServiceRecord? record)
    {
        record = null;
        if (!QueueRow.TryReadId(row, 0, out EntityId? serviceId) || serviceId is null
            || !TryReadRole(row, 1, out ServiceRole role)
            || !StoredChain.TryRead(row.Blob(2), out ImmutableArray<ReadOnlyMemory<byte>> chain)
            || !QueueRow.TryReadId(row, 3, out EntityId? fingerprint) || fingerprint is null)
        {
            return false;
        }

        record = new ServiceRecord
        {
            ServiceId = serviceId.Value,
            Role = role,
            Chain = chain,
            Fingerprint = fingerprint.Value,
            CreatedDay = (int)row.Integer(4),
            LastUsedDay = (int)row.Integer(5),
        };
        return true;
    }

    /// <summary>Reads a role; false when it is none.</summary>
    public static bool TryReadRole(SqliteStatement row, int column, out ServiceRole role)
    {
        ReadOnlySpan<byte> text = row.Blob(column);
        role = text.Length == 1 ? (ServiceRole)text[0] : default;
        return role is ServiceRole.Messaging or ServiceRole.Notifier or ServiceRole.Proxy;
    }
}
