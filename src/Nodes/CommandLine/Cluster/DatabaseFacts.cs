using Npgsql;
using SimplexActors.Actors.Storage.Migration;
using SimplexActors.Actors.Storage.Postgres;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>What a database is like, as far as a router cares.</summary>
/// <param name="Place">Database and server, for people.</param>
/// <param name="Server">Version of PostgreSQL.</param>
/// <param name="TakesWrites">It is neither a standby nor read-only.</param>
/// <param name="Encoding">Of texts.</param>
/// <param name="KeepsData">Whether what is committed reaches the disk, and survives a crash of it.</param>
/// <param name="HasSynchronousStandby">Whether commits wait for another server, too.</param>
/// <param name="MaxConnections">Of all programs together, without those kept for superusers.</param>
/// <param name="SchemaVersion">Steps that were applied; 0: none.</param>
/// <param name="HasForeignTables">It has tables although no step was applied.</param>
/// <param name="IsHalfCopied">A store was begun to be copied into it, and not all of it is there.</param>
internal sealed record DatabaseFacts(
    string Place,
    Version Server,
    bool TakesWrites,
    string Encoding,
    bool KeepsData,
    bool HasSynchronousStandby,
    int MaxConnections,
    int SchemaVersion,
    bool HasForeignTables,
    bool IsHalfCopied)
{
    // Four write, and two watch over ownership.
    private const int ConnectionsBeside = 6;

    private const string Question =
        """
        SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on', getdatabaseencoding(),
               current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on', current_setting('synchronous_standby_names') <> '',
               current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer,
               to_regclass('schema_version') IS NOT NULL, to_regclass('store_copy') IS NOT NULL,
               EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
                       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
        """;

    /// <summary>Asks the server.</summary>
    /// <exception cref="NpgsqlException">It does not answer.</exception>
    public static async Task<DatabaseFacts> ReadAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        DatabaseFacts facts;
        bool hasSchema;
        bool hasMark;
        await using (var command = new NpgsqlCommand(Question, connection))
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            await row.ReadAsync(cancellation);
            (hasSchema, hasMark) = (row.GetBoolean(5), row.GetBoolean(6));
            facts = new DatabaseFacts(
                PostgresErrors.Place(source.ConnectionString), connection.PostgreSqlVersion, !row.GetBoolean(0), row.GetString(1), row.GetBoolean(2),
                row.GetBoolean(3), row.GetInt32(4), SchemaVersion: 0, HasForeignTables: !hasSchema && row.GetBoolean(7), IsHalfCopied: false);
        }

        if (!hasSchema)
        {
            return facts;
        }

        await using var count = new NpgsqlCommand("SELECT count(*)::integer FROM schema_version", connection);
        return facts with
        {
            SchemaVersion = (int)(await count.ExecuteScalarAsync(cancellation))!,
            IsHalfCopied = hasMark && await StoreCopyMarker.IsHalfCopiedAsync(connection, cancellation),
        };
    }

    /// <summary>Whether a node can use it.</summary>
    /// <param name="connections">That the node is going to open.</param>
    public IEnumerable<Finding> Judge(int connections)
    {
        yield return Server.Major < PostgresLimits.OldestServer ? Finding.Problem("database", $"{Place} is PostgreSQL {Server}: version {PostgresLimits.OldestServer} or newer is needed")
            : !TakesWrites ? Finding.Problem("database", $"{Place} takes no writes, it is a standby or read-only: name the primary, or add Target Session Attributes=primary to store.postgres")
            : Encoding != "UTF8" ? Finding.Problem("database", $"{Place} has the encoding {Encoding}: create it with ENCODING 'UTF8'")
            : Finding.Ok("database", $"{Place} answers, PostgreSQL {Server}");
        yield return !KeepsData ? Finding.Problem("durability", "the server has fsync or full_page_writes off and loses confirmed messages with the power: switch both on")
            : !HasSynchronousStandby ? Finding.Note("durability", "there is no synchronous standby: without one never let another server take over, it lacks confirmed messages")
            : Finding.Ok("durability", "fsync is on, and a standby has what is committed");
        yield return MaxConnections < connections + ConnectionsBeside
            ? Finding.Problem("connections", $"the server takes {MaxConnections}, this node wants {connections + ConnectionsBeside}: raise max_connections, or lower store.postgres_connections")
            : Finding.Ok("connections", $"{connections + ConnectionsBeside} of the {MaxConnections} that the server takes from all nodes");
        yield return HasForeignTables ? Finding.Problem("schema", $"{Place} belongs to another program: give the cluster a database of its own")
            : SchemaVersion > PostgresMigrations.Latest ? Finding.Problem("schema", $"version {SchemaVersion} is newer than this program, which knows {PostgresMigrations.Latest}: install the release that the other nodes run")
            : SchemaVersion == PostgresMigrations.Latest ? Finding.Ok("schema", $"version {SchemaVersion}")
            : SchemaVersion == 0 ? Finding.Ok("schema", $"none yet: the start makes version {PostgresMigrations.Latest}")
            : Finding.Note("schema", $"version {SchemaVersion}: the start brings it to {PostgresMigrations.Latest}, and there is no way back");
        if (IsHalfCopied)
        {
            yield return Finding.Problem("store", StoreCopyMarker.Refusal(Place));
        }
    }
}
