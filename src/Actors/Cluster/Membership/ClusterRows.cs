using System.Collections.Immutable;
using Npgsql;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>Reads the rows of the cluster.</summary>
internal static class ClusterRows
{
    /// <summary>Adds the commands whose results <see cref="ReadViewAsync"/> reads.</summary>
    public static void AddView(NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ClusterSql.ReadShards));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ClusterSql.ReadNodes));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ClusterSql.ReadVersion));
    }

    /// <summary>Reads the three results.</summary>
    public static async Task<ClusterView> ReadViewAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var shards = ImmutableArray.CreateBuilder<ShardOwner>();
        while (await reader.ReadAsync(cancellation))
        {
            shards.Add(new ShardOwner(new NodeNumber(reader.GetInt64(1)), reader.GetInt64(2)));
        }

        await reader.NextResultAsync(cancellation);
        ImmutableArray<ClusterNode> nodes = await ReadNodesAsync(reader, cancellation);
        await reader.NextResultAsync(cancellation);
        long version = await reader.ReadAsync(cancellation) ? reader.GetInt64(0) : 0;
        return new ClusterView(version, nodes, shards.ToImmutable());
    }

    /// <summary>Reads rows of nodes.</summary>
    public static async Task<ImmutableArray<ClusterNode>> ReadNodesAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var nodes = ImmutableArray.CreateBuilder<ClusterNode>();
        while (await reader.ReadAsync(cancellation))
        {
            nodes.Add(new ClusterNode(
                new NodeNumber(reader.GetInt64(0)),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetInt32(3),
                reader.GetString(4),
                string.Equals(reader.GetString(5), "live", StringComparison.Ordinal) ? NodeState.Live : NodeState.Leaving,
                reader.GetInt64(6),
                TimeSpan.FromSeconds(reader.GetDouble(7))));
        }

        return nodes.ToImmutable();
    }
}
