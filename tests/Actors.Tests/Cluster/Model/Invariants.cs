using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What must never be, and what must always be possible again.</summary>
internal static class Invariants
{
    /// <summary>What is wrong with a world; null when nothing is.</summary>
    public static string? Broken(World world) => Broken(world.Shared) ?? Broken(world, 0) ?? Broken(world, 1);

    /// <summary>What is wrong with the database; null when nothing is.</summary>
    public static string? Broken(Shared shared) => shared.Overtaken == 0 ? null : "a write may be stored after a newer claim";

    /// <summary>What is wrong with a node; null when nothing is.</summary>
    public static string? Broken(Process process, int node, in Snapshot database)
    {
        for (int shard = 0; shard < 2; shard++)
        {
            bool isOwner = database.Owner[shard] == node + 1
                && database.RowGen[node] == process.Gen
                && database.Seq[shard] == process.Hold(shard).RangeId;
            if (process.Serves(shard) && !isOwner)
            {
                return $"node {node} serves shard {shard}, which is not its own";
            }
        }

        return null;
    }

    /// <summary>Bits of the shards that a node serves.</summary>
    public static int Served(Process process) => Enumerable.Range(0, 2).Sum(shard =>
        process.Hold(shard).State == HoldState.Open && process.Lease > 0 ? 1 << shard : 0);

    private static string? Broken(World world, int node) => Broken(world.Node(node), node, world.Shared.Database);
}
