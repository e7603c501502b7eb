using System.Collections.Immutable;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>The members and the owners of all shards, as read from the database.</summary>
/// <param name="Version">Grows whenever the set of members changes.</param>
/// <param name="Nodes">Those that are not gone.</param>
/// <param name="Shards">By shard; an owner that is not among the nodes is gone.</param>
public sealed record ClusterView(long Version, ImmutableArray<ClusterNode> Nodes, ImmutableArray<ShardOwner> Shards)
{
    /// <summary>Before anything was read.</summary>
    public static ClusterView Empty(int shards) => new(0, [], [.. new ShardOwner[shards]]);

    /// <summary>A member; null when it is gone.</summary>
    public ClusterNode? Find(NodeNumber node)
    {
        foreach (ClusterNode member in Nodes)
        {
            if (member.Number == node)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The owner of a shard; no node when its owner is gone.</summary>
    public ShardOwner OwnerOf(int shard)
    {
        ShardOwner owner = Shards[shard];
        return owner.Node.IsNone || Find(owner.Node) is not null ? owner : owner with { Node = NodeNumber.None };
    }
}
