using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What must never be, and what must always be possible again.</summary>
internal static class Invariants
{
    /// <summary>The step in which a write is stored.</summary>
    public const string Commit = "the database commits the write";

    /// <summary>What is wrong with a world, or with the step that leads from it; null when nothing is.</summary>
    public static string? Broken(World world, string step)
    {
        if (step == Commit && world.Write.Seq != world.Database.Seq[world.Write.Shard])
        {
            return $"a write to shard {world.Write.Shard} is stored after a newer claim";
        }

        return null;
    }

    /// <summary>What is wrong with a world; null when nothing is.</summary>
    public static string? Broken(World world)
    {
        for (int node = 0; node < 2; node++)
        {
            for (int shard = 0; shard < 2; shard++)
            {
                bool isOwner = world.Database.Owner[shard] == node + 1
                    && world.Database.RowGen[node] == world.Node(node).Gen
                    && world.Database.Seq[shard] == world.Node(node).Hold(shard).RangeId;
                if (world.Node(node).Serves(shard) && !isOwner)
                {
                    return $"node {node} serves shard {shard}, which is not its own";
                }
            }
        }

        return null;
    }

    /// <summary>Every shard is served.</summary>
    public static bool IsWhole(World world, int shards) => Enumerable.Range(0, shards).All(shard => Enumerable.Range(0, 2).Any(node =>
        world.Node(node).Hold(shard).State == HoldState.Open && world.Node(node).Lease > 0));
}
