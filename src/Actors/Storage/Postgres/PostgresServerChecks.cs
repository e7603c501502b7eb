using Npgsql;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>What a server must be like before anything is stored on it.</summary>
internal static class PostgresServerChecks
{
    /// <summary>Refuses a server that is too old or takes no writes; warns of one that may lose what it confirmed.</summary>
    /// <exception cref="StoreOpenException">One line for the operator.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, string place, PostgresStoreLog log, CancellationToken cancellation)
    {
        if (connection.PostgreSqlVersion.Major < PostgresLimits.OldestServer)
        {
            throw new StoreOpenException(
                $"The database {place} is on PostgreSQL {connection.PostgreSqlVersion}; version {PostgresLimits.OldestServer} or newer is needed.");
        }

        await using var command = new NpgsqlCommand(
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on', current_setting('fsync') = 'on', getdatabaseencoding()", connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        if (row.GetBoolean(0))
        {
            throw new StoreOpenException($"The database {place} takes no writes: it is a standby or read-only.");
        }

        if (row.GetString(2) != "UTF8")
        {
            throw new StoreOpenException($"The database {place} has the encoding {row.GetString(2)}: create it with ENCODING 'UTF8'.");
        }

        if (!row.GetBoolean(1))
        {
            log.ServerLosesData();
        }
    }
}
