using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>
/// How long the other members have been silent, on this node's monotonic clock: whoever's count of heartbeats did not grow
/// between two answers of the database was silent from the arrival of the first to the sending of the second. No clock of
/// another machine counts, so that setting one, the database's included, makes nobody dead. When this node itself
/// could not ask for a while, it begins anew: after an outage of the database everybody was silent.
/// </summary>
/// <param name="Members">When which count of heartbeats was seen first.</param>
/// <param name="Asked">When the last answer was asked for.</param>
/// <param name="Answered">When it came.</param>
/// <param name="IsBegun">There was an answer.</param>
public sealed record HeartbeatWatch(ImmutableDictionary<NodeNumber, SeenHeartbeat> Members, TimeSpan Asked, TimeSpan Answered, bool IsBegun)
{
    /// <summary>Nothing was seen yet.</summary>
    public static HeartbeatWatch Begin { get; } = new(ImmutableDictionary<NodeNumber, SeenHeartbeat>.Empty, TimeSpan.Zero, TimeSpan.Zero, IsBegun: false);

    /// <summary>Takes an answer of the database.</summary>
    /// <param name="view">What it said.</param>
    /// <param name="asked">When this node asked, on its clock.</param>
    /// <param name="answered">When the answer came.</param>
    /// <param name="longestPause">Between an answer and the next question, or a question and its answer; after a longer one everything begins anew.</param>
    public HeartbeatWatch See(ClusterView view, TimeSpan asked, TimeSpan answered, TimeSpan longestPause)
    {
        ArgumentNullException.ThrowIfNull(view);
        bool isGap = !IsBegun || asked - Answered > longestPause || answered - asked > longestPause;
        var seen = ImmutableDictionary.CreateBuilder<NodeNumber, SeenHeartbeat>();
        foreach (ClusterNode node in view.Nodes)
        {
            bool isSilent = !isGap && Members.TryGetValue(node.Number, out SeenHeartbeat before) && before.Heartbeats == node.Heartbeats;
            seen[node.Number] = isSilent ? Members[node.Number] : new SeenHeartbeat(node.Heartbeats, answered);
        }

        return new HeartbeatWatch(seen.ToImmutable(), asked, answered, IsBegun: true);
    }

    /// <summary>How long a member had surely been silent when the last answer was asked for; 0 for one that is not known.</summary>
    public TimeSpan SilenceOf(NodeNumber node) =>
        Members.TryGetValue(node, out SeenHeartbeat seen) && Asked > seen.Since ? Asked - seen.Since : TimeSpan.Zero;

    /// <summary>When the first of the others will have been silent for <paramref name="long"/>, if it stays so; null when there are no others.</summary>
    public TimeSpan? NextSilent(NodeNumber self, TimeSpan @long)
    {
        TimeSpan? next = null;
        foreach ((NodeNumber node, SeenHeartbeat seen) in Members)
        {
            if (node != self && (next is null || seen.Since + @long < next))
            {
                next = seen.Since + @long;
            }
        }

        return next;
    }
}

/// <summary>A member's heartbeats as a node saw them.</summary>
/// <param name="Heartbeats">The count.</param>
/// <param name="Since">When it was seen first, on that node's clock.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SeenHeartbeat(long Heartbeats, TimeSpan Since);
