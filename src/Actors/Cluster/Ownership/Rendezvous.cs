using System.Collections.Immutable;
using System.Text;
using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>
/// Who should own which shard: for each shard the node with the highest hash of its name and the shard (rendezvous hashing).
/// Every node comes to the same answer from the same members; a node more or less moves only its own share; and a node
/// that starts again under its name gets the shards back that it had. All releases must agree on it.
/// </summary>
public static class Rendezvous
{
    /// <summary>The node that should own each shard; no node when no member is live.</summary>
    public static ImmutableArray<NodeNumber> Owners(IReadOnlyList<ClusterNode> nodes, int shards)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var candidates = new List<(NodeNumber Number, ulong Hash)>(nodes.Count);
        foreach (ClusterNode node in nodes)
        {
            if (node.State == NodeState.Live)
            {
                candidates.Add((node.Number, HashOf(node.Name)));
            }
        }

        var owners = ImmutableArray.CreateBuilder<NodeNumber>(shards);
        for (int shard = 0; shard < shards; shard++)
        {
            owners.Add(OwnerOf(shard, candidates));
        }

        return owners.MoveToImmutable();
    }

    /// <summary>The weight of a node's name for a shard: 64 bits that never change.</summary>
    public static ulong Weight(string name, int shard)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Weight(HashOf(name), shard);
    }

    private static NodeNumber OwnerOf(int shard, List<(NodeNumber Number, ulong Hash)> candidates)
    {
        NodeNumber owner = NodeNumber.None;
        ulong highest = 0;
        foreach ((NodeNumber number, ulong hash) in candidates)
        {
            ulong weight = Weight(hash, shard);
            if (owner.IsNone || weight > highest || (weight == highest && number.Value > owner.Value))
            {
                (owner, highest) = (number, weight);
            }
        }

        return owner;
    }

    private static ulong Weight(ulong hash, int shard) => Mix(hash ^ Mix((ulong)shard + 1));

    // FNV-1a, 64 bits.
    private static ulong HashOf(string name)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ value) * 0x0000_0100_0000_01B3;
        }

        return Mix(hash);
    }

    // The finisher of SplitMix64: every bit of the result depends on every bit of the value.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
