using System.Collections.Immutable;
using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>What a node does after it looked at the cluster.</summary>
public sealed record OwnershipPlan
{
    /// <summary>Members to declare dead, if they are still silent. With any, the rest waits for the next look.</summary>
    public required ImmutableArray<ClusterNode> Dead { get; init; }

    /// <summary>
    /// Shards to claim, with the number that they have until then: a claim that comes late, after another one, does nothing.
    /// </summary>
    public required ImmutableArray<(int Shard, long RangeId)> Claim { get; init; }

    /// <summary>Shards to release, with the number of the claim that ends.</summary>
    public required ImmutableArray<(int Shard, long RangeId)> Release { get; init; }

    /// <summary>Shards to close in good order, because another node should have them.</summary>
    public required ImmutableArray<int> Close { get; init; }

    /// <summary>Suspended shards that were not lost.</summary>
    public required ImmutableArray<int> Resume { get; init; }

    /// <summary>Shards that were lost.</summary>
    public required ImmutableArray<int> Drop { get; init; }

    /// <summary>Closed shards that are not this node's any more.</summary>
    public required ImmutableArray<int> Forget { get; init; }
}
