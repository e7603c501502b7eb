using System.Globalization;
using Npgsql;
using SimplexActors.Actors.Storage.Postgres;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>
/// Says in the database that it is being filled (table <c>store_copy</c>): a node does not start on half a copy. One program fills
/// at a time; a lock of its session says that it still does.
/// </summary>
public static class StoreCopyMarker
{
    /// <summary>Of the lock: "SXA1" and "COPY".</summary>
    private const long LockKey = 0x5358_4131_434F_5059;

    /// <summary>Fails with <see cref="PostgresErrors.HalfCopied"/> where a copy began and did not end.</summary>
    internal const string RefuseHalf = $"SELECT refuse('{PostgresErrors.HalfCopied}', 'half copied') FROM store_copy WHERE state = 'copying'";

    private const string IsHalf = "SELECT EXISTS (SELECT 1 FROM store_copy WHERE state = 'copying')";

    private static readonly string Lock = $"SELECT pg_try_advisory_lock({LockKey.ToString(CultureInfo.InvariantCulture)})";

    private static readonly string[] ClusterTables = ["message_bytes", "nodes", "shards", "cluster"];

    /// <summary>Why a node must not start on a database.</summary>
    public static string Refusal(string place) =>
        $"The database {place} is half filled: 'simplex-router store migrate' was interrupted or still runs. Run it again, it starts over.";

    /// <summary>Whether a copy began and did not end. The tables are there.</summary>
    public static Task<bool> IsHalfCopiedAsync(NpgsqlConnection connection, CancellationToken cancellation) => IsTrueAsync(connection, IsHalf, cancellation);

    /// <summary>Takes the lock, checks that the database is empty and marks it; what an interrupted copy left is removed.</summary>
    /// <exception cref="StoreMigrationException">The database is not empty, or another program fills it.</exception>
    internal static async Task BeginAsync(NpgsqlConnection connection, string place, CancellationToken cancellation)
    {
        if (!await IsTrueAsync(connection, Lock, cancellation))
        {
            throw new StoreMigrationException($"Another program copies a store into the database {place}.");
        }

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        // message_bytes is the first that a starting node writes: it has done that before this, and the database is not empty, or
        // it finds the marker.
        await ExecuteAsync(connection, "LOCK TABLE message_bytes, store_copy IN ACCESS EXCLUSIVE MODE", cancellation);
        string[] tables = [.. CopiedTables.All.Select(table => table.Name), .. ClusterTables];
        if (await IsTrueAsync(connection, IsHalf, cancellation))
        {
            await ExecuteAsync(connection, $"TRUNCATE {string.Join(", ", tables)}; UPDATE store_copy SET began_at = clock_timestamp()", cancellation);
        }
        else
        {
            foreach (string table in tables.Append("store_copy"))
            {
                if (await IsTrueAsync(connection, $"SELECT EXISTS (SELECT 1 FROM {table})", cancellation))
                {
                    throw new StoreMigrationException($"The database {place} is not empty (table {table}): a store can be copied into an empty one only.");
                }
            }

            await ExecuteAsync(connection, "INSERT INTO store_copy (state) VALUES ('copying')", cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The copy is complete: nodes may start.</summary>
    internal static Task EndAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        ExecuteAsync(connection, "UPDATE store_copy SET state = 'complete', ended_at = clock_timestamp()", cancellation);

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
