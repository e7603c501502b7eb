using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Cluster;

/// <summary>What this node knows of who owns which shard. It may be behind; whoever is asked in vain says so.</summary>
public interface IShardMap
{
    /// <summary>This node.</summary>
    NodeNumber Self { get; }

    /// <summary>Shards of the cluster.</summary>
    int ShardCount { get; }

    /// <summary>The owner of a shard as far as is known. Cheap; any thread.</summary>
    ShardOwner OwnerOf(int shard);

    /// <summary>
    /// Calls <paramref name="changed"/> with every shard whose owner changed, after <see cref="OwnerOf"/> shows it. Calls
    /// do not overlap and must return at once. Subscribe before the node joins.
    /// </summary>
    void OnChange(Action<IReadOnlyList<int>> changed);
}

/// <summary>Who owns a shard.</summary>
/// <param name="Node">The owner; none while nobody owns the shard.</param>
/// <param name="RangeId">Grows with every claim, so that of two owners the one with the greater number is the newer.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ShardOwner(NodeNumber Node, long RangeId);
