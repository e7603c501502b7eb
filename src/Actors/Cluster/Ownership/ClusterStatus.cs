using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>The cluster at one look.</summary>
/// <param name="Version">Of the set of members.</param>
/// <param name="ShardCount">Shards; 0 when no node has ever joined.</param>
/// <param name="Nodes">The members.</param>
/// <param name="Unowned">Shards that nobody serves.</param>
public sealed record ClusterStatus(long Version, int ShardCount, ImmutableArray<NodeStatus> Nodes, ImmutableArray<int> Unowned)
{
    /// <summary>How many shards nobody serves.</summary>
    public int UnownedShards => Unowned.Length;

    /// <summary>Leaves out the shards that had an owner at an earlier look: they are on their way from one to the next.</summary>
    public ClusterStatus Since(ClusterStatus earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return this with { Unowned = [.. Unowned.Intersect(earlier.Unowned)] };
    }

    /// <summary>Of a view.</summary>
    public static ClusterStatus Of(ClusterView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var owned = new Dictionary<NodeNumber, int>();
        var unowned = ImmutableArray.CreateBuilder<int>();
        for (int shard = 0; shard < view.Shards.Length; shard++)
        {
            NodeNumber owner = view.OwnerOf(shard).Node;
            owned[owner] = owned.GetValueOrDefault(owner) + 1;
            if (owner.IsNone)
            {
                unowned.Add(shard);
            }
        }

        return new ClusterStatus(
            view.Version,
            view.Shards.Length,
            [.. view.Nodes.Select(node => new NodeStatus(node, owned.GetValueOrDefault(node.Number)))],
            unowned.ToImmutable());
    }
}

/// <summary>A member and how much it serves.</summary>
/// <param name="Node">The member.</param>
/// <param name="Shards">That it owns.</param>
public sealed record NodeStatus(ClusterNode Node, int Shards);

/// <summary>What this node knows of itself and of the cluster.</summary>
/// <param name="Self">This node.</param>
/// <param name="Cluster">As the database said last.</param>
/// <param name="HasLease">This node may serve.</param>
/// <param name="LeaseRemaining">For so long, when the database does not answer any more.</param>
/// <param name="OpenShards">Shards that it serves.</param>
/// <param name="SuspendedShards">Shards that wait for the database.</param>
/// <param name="HandOffs">Shards on their way to other nodes.</param>
/// <param name="IsLeaving">It gives up everything.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OwnershipStatus(
    NodeNumber Self,
    ClusterStatus Cluster,
    bool HasLease,
    TimeSpan LeaseRemaining,
    int OpenShards,
    int SuspendedShards,
    int HandOffs,
    bool IsLeaving)
{
    /// <summary>Since the last look at the cluster ended, whether or not the database answered; a loop that is stuck makes it grow. 0 before the first.</summary>
    public TimeSpan SinceRound { get; init; }
}
