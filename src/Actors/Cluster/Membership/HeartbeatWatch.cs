using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>
/// How long the other members have been silent, on this node's monotonic clock: whoever's count of heartbeats did not grow
/// between two answers of the database was silent from the arrival of the first to the sending of the second. No clock of
/// another machine counts, so that setting one, the database's included, makes nobody dead. When this node itself
/// could not ask for a while, it begins anew: after an outage of the database everybody was silent.
/// </summary>
public sealed record HeartbeatWatch
{
    private readonly ImmutableDictionary<NodeNumber, Seen> _seen = ImmutableDictionary<NodeNumber, Seen>.Empty;
    private readonly TimeSpan _asked;
    private readonly TimeSpan _answered;
    private readonly bool _isBegun;

    private HeartbeatWatch()
    {
    }

    private HeartbeatWatch(ImmutableDictionary<NodeNumber, Seen> seen, TimeSpan asked, TimeSpan answered) =>
        (_seen, _asked, _answered, _isBegun) = (seen, asked, answered, true);

    /// <summary>Nothing was seen yet.</summary>
    public static HeartbeatWatch Begin { get; } = new();

    /// <summary>Takes an answer of the database.</summary>
    /// <param name="view">What it said.</param>
    /// <param name="asked">When this node asked, on its clock.</param>
    /// <param name="answered">When the answer came.</param>
    /// <param name="longestPause">Between an answer and the next question, or a question and its answer; after a longer one everything begins anew.</param>
    public HeartbeatWatch See(ClusterView view, TimeSpan asked, TimeSpan answered, TimeSpan longestPause)
    {
        ArgumentNullException.ThrowIfNull(view);
        bool isGap = !_isBegun || asked - _answered > longestPause || answered - asked > longestPause;
        var seen = ImmutableDictionary.CreateBuilder<NodeNumber, Seen>();
        foreach (ClusterNode node in view.Nodes)
        {
            bool isSilent = !isGap && _seen.TryGetValue(node.Number, out Seen before) && before.Heartbeats == node.Heartbeats;
            seen[node.Number] = isSilent ? _seen[node.Number] : new Seen(node.Heartbeats, answered);
        }

        return new HeartbeatWatch(seen.ToImmutable(), asked, answered);
    }

    /// <summary>How long a member had surely been silent when the last answer was asked for; 0 for one that is not known.</summary>
    public TimeSpan SilenceOf(NodeNumber node) =>
        _seen.TryGetValue(node, out Seen seen) && _asked > seen.Since ? _asked - seen.Since : TimeSpan.Zero;

    /// <summary>When the first of the others will have been silent for <paramref name="long"/>, if it stays so; null when there are no others.</summary>
    public TimeSpan? NextSilent(NodeNumber self, TimeSpan @long)
    {
        TimeSpan? next = null;
        foreach ((NodeNumber node, Seen seen) in _seen)
        {
            if (node != self && (next is null || seen.Since + @long < next))
            {
                next = seen.Since + @long;
            }
        }

        return next;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Seen(long Heartbeats, TimeSpan Since);
}
