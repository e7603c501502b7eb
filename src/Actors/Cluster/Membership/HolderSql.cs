using SimplexActors.Actors.Storage.Postgres;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>
/// Finds and ends sessions of gone nodes that hold rows of shards. Who holds a row is not to be seen without waiting for it;
/// but whoever does holds a lock on the table until its transaction ends, and has the name of its node.
/// </summary>
internal static class HolderSql
{
    private static readonly string Kinds = $"(VALUES ('{SessionNames.Store}'), ('{SessionNames.Cluster}')) AS kinds (kind)";

    private static readonly string SessionName = $"left(kind || ' ' || name, {SessionNames.MaxLength})";

    /// <summary>
    /// Sessions of the gone owners of the shards <c>$1</c>. A node that lives under the same name, or under one that the server
    /// cuts to the same, began everything that it does with shards after it had joined: its transactions are left alone.
    /// </summary>
    public static readonly string Find =
        $"""
        SELECT DISTINCT a.pid, a.xact_start
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'relation' AND l.relation = 'shards'::regclass AND l.granted AND l.mode IN ('RowShareLock', 'RowExclusiveLock')
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND a.xact_start IS NOT NULL AND pg_has_role(a.usesysid, 'USAGE')
          AND a.application_name IN (
              SELECT {SessionName} FROM {Kinds}, nodes JOIN shards ON owner = node_no WHERE shard_no = ANY ($1) AND state = 'gone')
          AND NOT EXISTS (
              SELECT 1 FROM {Kinds}, nodes WHERE state <> 'gone' AND {SessionName} = a.application_name AND a.xact_start >= started_at)
        """;

    /// <summary>
    /// Ends those that are still in the transactions that were found. Inside the aggregate, which comes after the join: in a
    /// condition the planner may ask it of every process there is.
    /// </summary>
    public const string End =
        "SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a JOIN unnest($1::integer[], $2::timestamptz[]) AS found (pid, began) "
        + "ON a.pid = found.pid AND a.xact_start = found.began";
}
