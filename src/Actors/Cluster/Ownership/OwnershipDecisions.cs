using System.Collections.Immutable;
using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>
/// What a node that looked at the cluster does: nothing here asks a database or a clock. The rules:
/// a member that was silent for <see cref="OwnershipOptions.ClaimAfter"/> is declared dead; a shard that nobody owns is
/// claimed by the node that should have it; a shard that another node should have is closed, then released, and only then
/// claimed by the other; what was claimed by others meanwhile is dropped. A shard that the database gives to this node but
/// that is not here (the answer to the claim was lost) is claimed again, under a new number.
/// </summary>
public static class OwnershipDecisions
{
    /// <summary>Decides.</summary>
    public static OwnershipPlan Decide(OwnershipSituation situation)
    {
        ArgumentNullException.ThrowIfNull(situation);
        var lists = new Lists(situation.MayHandOff);
        ImmutableArray<NodeNumber> wanted = Rendezvous.Owners(situation.View.Nodes, situation.Holds.Count);
        for (int shard = 0; shard < situation.Holds.Count; shard++)
        {
            DecideShard(situation, shard, wanted[shard], lists);
        }

        return lists.ToPlan(Dead(situation));
    }

    private static void DecideShard(OwnershipSituation situation, int shard, NodeNumber wanted, Lists lists)
    {
        ShardHold hold = situation.Holds[shard];
        ShardOwner owner = situation.View.OwnerOf(shard);
        bool isMine = owner.Node == situation.Self && owner.RangeId == hold.RangeId;
        switch (hold.State)
        {
            case HoldState.Open or HoldState.Suspended when !isMine:
                lists.Drop.Add(shard);
                break;
            case HoldState.Suspended when situation.HasLease:
                lists.Resume.Add(shard);
                break;
            case HoldState.Open when wanted != situation.Self && CanTake(situation, wanted):
                lists.TryClose(shard);
                break;
            case HoldState.Closed when isMine:
                lists.Release.Add((shard, hold.RangeId));
                break;
            case HoldState.Closed:
                lists.Forget.Add(shard);
                break;
            case HoldState.None:
                DecideAbsent(situation, shard, owner, wanted, lists);
                break;
        }
    }

    private static void DecideAbsent(OwnershipSituation situation, int shard, ShardOwner owner, NodeNumber wanted, Lists lists)
    {
        bool isFree = owner.Node.IsNone || owner.Node == situation.Self;
        if (wanted == situation.Self && isFree && situation.HasLease)
        {
            lists.Claim.Add((shard, owner.RangeId));
        }
        else if (wanted != situation.Self && owner.Node == situation.Self)
        {
            lists.Release.Add((shard, owner.RangeId));
        }
    }

    // A node that may be dead gets nothing: the shard would be nobody's until that is certain. One that leaves gives
    // everything up, wanted or not.
    private static bool CanTake(OwnershipSituation situation, NodeNumber wanted) =>
        situation.View.Find(situation.Self)?.State == NodeState.Leaving
        || (!wanted.IsNone && situation.Watch.SilenceOf(wanted) <= situation.Options.LongestPause);

    private static ImmutableArray<ClusterNode> Dead(OwnershipSituation situation) =>
    [
        .. situation.View.Nodes.Where(node =>
            node.Number != situation.Self && situation.Watch.SilenceOf(node.Number) >= situation.Options.ClaimAfter),
    ];

    private sealed class Lists(int mayHandOff)
    {
        public List<(int Shard, long RangeId)> Claim { get; } = [];

        public List<(int Shard, long RangeId)> Release { get; } = [];

        public List<int> Resume { get; } = [];

        public List<int> Drop { get; } = [];

        public List<int> Forget { get; } = [];

        private readonly List<int> _close = [];

        public void TryClose(int shard)
        {
            if (_close.Count < mayHandOff)
            {
                _close.Add(shard);
            }
        }

        public OwnershipPlan ToPlan(ImmutableArray<ClusterNode> dead) => new()
        {
            Dead = dead,
            Claim = [.. Claim],
            Release = [.. Release],
            Close = [.. _close],
            Resume = [.. Resume],
            Drop = [.. Drop],
            Forget = [.. Forget],
        };
    }
}
