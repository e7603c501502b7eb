using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>
/// Brings a database to the schema of this program: the numbered scripts of the folder <c>Migrations</c>, each applied once,
/// in order, in a transaction of its own. Any number of nodes may start at once: they take turns. There is no way back.
/// </summary>
/// <remarks>What was applied is in the table <c>schema_version</c>, one row per script.</remarks>
public static class PostgresMigrations
{
    private const string ResourcePrefix = "PostgresMigrations/";

    /// <summary>Of the lock that one migrating program holds: "SXA1" and "MIGR".</summary>
    private const long LockKey = 0x5358_4131_4D49_4752;

    /// <summary>Version of a new database.</summary>
    public static int Latest => Scripts().Count;

    /// <summary>Checks that this program may use the database, and applies what is missing.</summary>
    /// <exception cref="StoreOpenException">
    /// Server not reachable or too old, wrong password, no such database, another program's database, a newer schema: one line
    /// for the operator.
    /// </exception>
    public static async Task ApplyAsync(NpgsqlDataSource database, ILogger logger, CancellationToken cancellation = default)
    {
        string place = PostgresErrors.Place(database.ConnectionString);
        try
        {
            await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
            await PostgresServerChecks.RunAsync(connection, place, new PostgresStoreLog(logger), cancellation);
            await RunAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellation);
            try
            {
                await ApplyAsync(connection, place, new PostgresStoreLog(logger), cancellation);
            }
            finally
            {
                await RunAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
            }
        }
        catch (NpgsqlException fault)
        {
            throw new StoreOpenException(PostgresErrors.Describe(fault, place), fault);
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string place, PostgresStoreLog log, CancellationToken cancellation)
    {
        List<string> scripts = Scripts();
        int from = await CheckAsync(connection, place, scripts, cancellation);
        for (int version = from; version < scripts.Count; version++)
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            await RunAsync(connection, Read(scripts[version]), cancellation);
            await using var note = new NpgsqlCommand("INSERT INTO schema_version (version, name) VALUES ($1, $2)", connection);
            note.Parameters.Add(new NpgsqlParameter<int> { TypedValue = version + 1 });
            note.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name(scripts[version]) });
            await note.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        if (from < scripts.Count)
        {
            log.Migrated(from, scripts.Count);
        }
    }

    /// <summary>Refuses what this program must not touch; returns how many scripts were applied.</summary>
    private static async Task<int> CheckAsync(NpgsqlConnection connection, string place, List<string> scripts, CancellationToken cancellation)
    {
        if (!await ScalarAsync<bool>(connection, "SELECT to_regclass('schema_version') IS NOT NULL", cancellation))
        {
            // Tables of extensions are nobody's data.
            if (await ScalarAsync<bool>(
                connection,
                "SELECT EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') "
                + "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))",
                cancellation))
            {
                throw new StoreOpenException($"The database {place} belongs to another program: it has tables, but none of this one.");
            }

            await RunAsync(
                connection,
                "CREATE TABLE schema_version (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
                cancellation);
            return 0;
        }

        List<string> applied = await NamesAsync(connection, cancellation);
        for (int version = 0; version < Math.Min(applied.Count, scripts.Count); version++)
        {
            if (applied[version] != Name(scripts[version]))
            {
                throw new StoreOpenException($"The database {place} belongs to another program, or to another variant of this one: its schema has the step {applied[version]}.");
            }
        }

        return applied.Count <= scripts.Count
            ? applied.Count
            : throw new StoreOpenException(string.Create(
                CultureInfo.InvariantCulture,
                $"The database {place} has schema {applied.Count}, made by a newer version of this program, which knows schemas up to {scripts.Count}."));
    }

    private static async Task<List<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT name FROM schema_version ORDER BY version", connection);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await rows.ReadAsync(cancellation))
        {
            names.Add(rows.GetString(0));
        }

        return names;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)PostgresLimits.Migration.TotalSeconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static List<string> Scripts() =>
        [.. typeof(PostgresMigrations).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Name(string script) => script[ResourcePrefix.Length..];

    private static string Read(string script)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(script)
            ?? throw new InvalidOperationException($"The migration {script} is missing from the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
