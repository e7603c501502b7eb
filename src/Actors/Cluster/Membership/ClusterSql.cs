namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>
/// The statements of membership and ownership. Whatever changes an owner or the set of members tells it on
/// <see cref="Channel"/>, with the number of the node that did it.
/// </summary>
internal static class ClusterSql
{
    public const string Channel = "simplex_ownership";

    public const string Listen = $"LISTEN {Channel}";

    public const string Notify = $"SELECT pg_notify('{Channel}', $1::text)";

    public const string CreateCluster = "INSERT INTO cluster (shard_count, fingerprint) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    /// <summary>Fills in what an operator or an earlier start left open.</summary>
    public const string AdoptFingerprint = "UPDATE cluster SET fingerprint = $1 WHERE fingerprint IS NULL";

    public const string CreateShards =
        "INSERT INTO shards (shard_no) SELECT s FROM cluster, generate_series(0, cluster.shard_count - 1) s ON CONFLICT DO NOTHING";

    public const string Agreed = "SELECT shard_count, fingerprint FROM cluster";

    public const string Register =
        """
        INSERT INTO nodes (name, link_host, link_port, release, state) VALUES ($1, $2, $3, $4, 'live')
        ON CONFLICT (name) WHERE state <> 'gone' DO NOTHING RETURNING node_no
        """;

    public const string RaiseVersion = "UPDATE cluster SET view_version = view_version + 1";

    /// <summary>For who joins: the number of shards cannot change before its transaction ends.</summary>
    public const string RaiseVersionOf = $"{RaiseVersion} WHERE shard_count = $1";

    public const string RaiseVersionFrom = $"{RaiseVersion} WHERE view_version = $1";

    public const string Beat =
        "UPDATE nodes SET heartbeats = heartbeats + 1, heartbeat_at = clock_timestamp() WHERE node_no = $1 AND state <> 'gone'";

    // Shards are read before nodes: an owner that is not among the nodes has been one, and is gone.
    public const string ReadShards = "SELECT shard_no, coalesce(owner, 0), range_id FROM shards ORDER BY shard_no";

    public const string ReadNodes =
        """
        SELECT node_no, name, link_host, link_port, release, state, heartbeats,
               extract(epoch FROM clock_timestamp() - heartbeat_at)::double precision
        FROM nodes WHERE state <> 'gone' ORDER BY node_no
        """;

    public const string ReadNodeByName =
        """
        SELECT node_no, name, link_host, link_port, release, state, heartbeats,
               extract(epoch FROM clock_timestamp() - heartbeat_at)::double precision
        FROM nodes WHERE state <> 'gone' AND name = $1
        """;

    public const string ReadVersion = "SELECT view_version FROM cluster";

    // Who has sent a heartbeat meanwhile is not dead.
    public const string DeclareGone =
        """
        UPDATE nodes SET state = 'gone' FROM unnest($1::bigint[], $2::bigint[]) AS silent (node_no, heartbeats)
        WHERE nodes.node_no = silent.node_no AND nodes.heartbeats = silent.heartbeats AND state <> 'gone'
        """;

    public const string SetState = "UPDATE nodes SET state = $2 WHERE node_no = $1 AND state <> 'gone'";

    /// <summary>A node that is being declared dead claims nothing: whoever declares it waits for this lock, or this finds it gone.</summary>
    public const string LockSelf = "SELECT 1 FROM nodes WHERE node_no = $1 AND state = 'live' FOR SHARE";

    // A shard that somebody still writes to, or claims, is left for the next time instead of holding up the others.
    public const string LockFree =
        """
        SELECT shard_no FROM shards
        WHERE shard_no = ANY ($2) AND range_id = ($3::bigint[])[array_position($2, shard_no)]
          AND (owner IS NULL OR owner = $1 OR owner IN (SELECT node_no FROM nodes WHERE state = 'gone'))
        ORDER BY shard_no FOR UPDATE SKIP LOCKED
        """;

    public const string Claim = "UPDATE shards SET owner = $1, range_id = range_id + 1 WHERE shard_no = ANY ($2) RETURNING shard_no, range_id";

    public const string Release =
        """
        UPDATE shards SET owner = NULL FROM unnest($2::integer[], $3::bigint[]) AS mine (shard_no, range_id)
        WHERE shards.shard_no = mine.shard_no AND shards.range_id = mine.range_id AND owner = $1
        """;

    public const string ReadMemberNames = "SELECT name FROM nodes WHERE state <> 'gone' ORDER BY name";

    public const string SetShardCount = $"{RaiseVersion}, shard_count = $1";

    // No number of an earlier claim comes again: whatever is still on its way to the database under one is refused.
    public const string RenumberShards = "UPDATE shards SET owner = NULL, range_id = (SELECT max(range_id) + 1 FROM shards)";

    public const string RemoveShards = "DELETE FROM shards WHERE shard_no >= $1";

    public const string AddShards =
        "INSERT INTO shards (shard_no, range_id) SELECT s, (SELECT max(range_id) FROM shards) FROM generate_series(0, $1 - 1) s ON CONFLICT DO NOTHING";

    /// <summary>Of members that are gone nothing is needed once nobody finds them as owners.</summary>
    public const string ForgetGone =
        """
        DELETE FROM nodes WHERE node_no IN (
            SELECT node_no FROM nodes WHERE state = 'gone' AND heartbeat_at < clock_timestamp() - $1
              AND NOT EXISTS (SELECT 1 FROM shards WHERE owner = node_no)
            ORDER BY node_no LIMIT $2)
        """;
}
