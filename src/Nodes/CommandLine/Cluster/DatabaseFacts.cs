using Npgsql;
using SimplexActors.Actors.Storage.Postgres;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>What a database is like, as far as a router cares.</summary>
/// <param name="Place">Database and server, for people.</param>
/// <param name="Server">Version of PostgreSQL.</param>
/// <param name="TakesWrites">It is neither a standby nor read-only.</param>
/// <param name="Encoding">Of texts.</param>
/// <param name="Fsync">Whether what is committed reaches the disk.</param>
/// <param name="SynchronousCommit">Whether commits wait for that.</param>
/// <param name="MaxConnections">Of all programs together, without those kept for superusers.</param>
/// <param name="SchemaVersion">Steps that were applied; 0: none.</param>
/// <param name="HasForeignTables">It has tables although no step was applied.</param>
internal sealed record DatabaseFacts(
    string Place,
    Version Server,
    bool TakesWrites,
    string Encoding,
    bool Fsync,
    string SynchronousCommit,
    int MaxConnections,
    int SchemaVersion,
    bool HasForeignTables)
{
    // Ownership holds two connections; one more shows that a node was added.
    private const int ConnectionsBeside = 3;

    private const string Question =
        """
        SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on', getdatabaseencoding(), current_setting('fsync') = 'on',
               current_setting('synchronous_commit'), current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer,
               to_regclass('schema_version') IS NOT NULL,
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
        await using (var command = new NpgsqlCommand(Question, connection))
        await using (NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation))
        {
            await row.ReadAsync(cancellation);
            hasSchema = row.GetBoolean(5);
            facts = new DatabaseFacts(
                PostgresErrors.Place(source.ConnectionString), connection.PostgreSqlVersion, !row.GetBoolean(0), row.GetString(1), row.GetBoolean(2),
                row.GetString(3), row.GetInt32(4), SchemaVersion: 0, HasForeignTables: !hasSchema && row.GetBoolean(6));
        }

        if (!hasSchema)
        {
            return facts;
        }

        await using var count = new NpgsqlCommand("SELECT count(*)::integer FROM schema_version", connection);
        return facts with { SchemaVersion = (int)(await count.ExecuteScalarAsync(cancellation))! };
    }

    /// <summary>Whether a node can use it.</summary>
    /// <param name="connections">That the node is going to open.</param>
    public IEnumerable<Finding> Judge(int connections)
    {
        yield return Server.Major < PostgresLimits.OldestServer ? Finding.Problem("database", $"{Place} is PostgreSQL {Server}: version {PostgresLimits.OldestServer} or newer is needed")
            : !TakesWrites ? Finding.Problem("database", $"{Place} takes no writes, it is a standby or read-only: name the primary, or add Target Session Attributes=primary to store.postgres")
            : Encoding != "UTF8" ? Finding.Problem("database", $"{Place} has the encoding {Encoding}: create it with ENCODING 'UTF8'")
            : Finding.Ok("database", $"{Place} answers, PostgreSQL {Server}");
        yield return !Fsync ? Finding.Problem("durability", "the server has fsync off and loses confirmed messages with the power: switch it on")
            : SynchronousCommit == "off" ? Finding.Problem("durability", "synchronous_commit is off, so confirmed messages can be lost: switch it on for this database")
            : SynchronousCommit == "local" ? Finding.Note("durability", "synchronous_commit is local: a standby that takes over may lack confirmed messages")
            : Finding.Ok("durability", $"fsync is on, synchronous_commit is {SynchronousCommit}");
        yield return MaxConnections < connections + ConnectionsBeside
            ? Finding.Problem("connections", $"the server takes {MaxConnections}, this node wants {connections + ConnectionsBeside}: raise max_connections, or lower store.postgres_connections")
            : Finding.Ok("connections", $"{connections + ConnectionsBeside} of the {MaxConnections} that the server takes from all nodes");
        yield return HasForeignTables ? Finding.Problem("schema", $"{Place} belongs to another program: give the cluster a database of its own")
            : SchemaVersion > PostgresMigrations.Latest ? Finding.Problem("schema", $"version {SchemaVersion} is newer than this program, which knows {PostgresMigrations.Latest}: install the release that the other nodes run")
            : SchemaVersion == PostgresMigrations.Latest ? Finding.Ok("schema", $"version {SchemaVersion}")
            : SchemaVersion == 0 ? Finding.Ok("schema", $"none yet: the start makes version {PostgresMigrations.Latest}")
            : Finding.Note("schema", $"version {SchemaVersion}: the start brings it to {PostgresMigrations.Latest}, and there is no way back");
    }
}
