using System.Collections.Immutable;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// What a process does with an answer: the program's own decisions, in the order in which its loop takes them. The ends of
/// suspensions and drops, for which the loop waits, come at once.
/// </summary>
internal sealed class ModelNode(Setting setting)
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(1000);

    private readonly OwnershipOptions _options = setting.Times.ToOptions();

    /// <summary>The first node should have the first shard, the second the second.</summary>
    public static ImmutableArray<string> Names { get; } = FindNames();

    private int ServeFor => setting.Times.ServeFor + (setting.Mutation == Mutation.LeaseOutlivesClaim ? 2 : 0);

    /// <summary>Steps for which a node may serve after it had the answer to a heartbeat.</summary>
    public int LeaseAfter(int askedAge) => Math.Max(0, ServeFor - (setting.Mutation == Mutation.LeaseFromAnswer ? 0 : askedAge));

    /// <summary>Takes the answer that is there.</summary>
    public Process Take(Process process, int self)
    {
        Answer answer = process.Answered;
        process = process with { Answered = default };
        Process after = answer.Kind switch
        {
            Ask.Register => Registered(process, self, answer),
            Ask.Beat => Beaten(process, self, answer.Seen),
            Ask.Release => Released(process, self, answer.Mask),
            Ask.Claim => Claimed(process, answer),
            _ => process,
        };
        return after.Asked.Kind == Ask.Nothing ? after with { AskedAge = 0 } : after;
    }

    private Process Registered(Process process, int self, in Answer answer)
    {
        if (answer.Gen != 0)
        {
            return process with { Life = Life.Member, Gen = answer.Gen, IsWatching = false, AnsweredAge = 0, WatchedGen = 0, WatchedBeats = 0, WatchedSince = 0, Grown = 0 };
        }

        ClusterNode row = Row(answer.Seen, self);
        NameWatch? before = process.IsWatching
            ? new NameWatch(row with { Number = Number(self, process.WatchedGen), Heartbeats = process.WatchedBeats }, Ago(process.WatchedSince), process.Grown)
            : null;
        (NameWatch watch, NameVerdict verdict) = NameWatch.See(before, row, Ago(process.AskedAge), Now, _options.ClaimAfter);
        process = process with
        {
            IsWatching = true,
            WatchedGen = answer.Seen.RowGen[self],
            WatchedBeats = (byte)watch.Row.Heartbeats,
            WatchedSince = Age(watch.Since),
            Grown = (byte)watch.Grown,
        };
        return verdict switch
        {
            NameVerdict.Dead => Send(process, new Request(Ask.Declare, (byte)self, 0, (byte)self, process.WatchedGen, process.WatchedBeats, 0, default)),
            NameVerdict.Taken => process with { Life = Life.Down },
            _ => process,
        };
    }

    private Process Beaten(Process process, int self, in Snapshot seen)
    {
        bool isMember = seen.RowGen[self] == process.Gen;
        if (!isMember)
        {
            var gone = new Process { Life = Life.Joining, Lease = 0 };
            return setting.Mutation == Mutation.ResumeUnchecked
                ? gone with { FirstHold = process.FirstHold, SecondHold = process.SecondHold }
                : gone;
        }

        ShardHolds holds = HoldsOf(process);
        if (process.Lease == 0)
        {
            (holds, _) = holds.LeaseOver();
        }

        int lease = LeaseAfter(process.AskedAge);
        ClusterView view = View(seen);
        HeartbeatWatch watch = Watch(process, 1 - self).See(view, Ago(process.AskedAge), Now, _options.LongestPause);
        OwnershipPlan plan = OwnershipDecisions.Decide(
            new OwnershipSituation(Number(self, process.Gen), view, watch, holds, lease > 0, 2, _options));
        if (setting.Mutation == Mutation.ResumeUnchecked)
        {
            plan = plan with { Resume = [.. plan.Resume, .. plan.Drop], Drop = [] };
        }

        holds = plan.Drop.Aggregate(holds.Begin(plan), (left, shard) => left.Dropped(shard));
        SeenHeartbeat? other = watch.Members.TryGetValue(Number(1 - self, seen.RowGen[1 - self]), out SeenHeartbeat found) ? found : null;
        process = With(process, holds) with
        {
            Lease = (byte)lease,
            IsWatching = true,
            AnsweredAge = 0,
            WatchedGen = seen.RowGen[1 - self],
            WatchedBeats = (byte)(other?.Heartbeats ?? 0),
            WatchedSince = other is { } since ? Age(since.Since) : (byte)0,
        };
        return Follow(process, self, plan);
    }

    private static Process Follow(Process process, int self, OwnershipPlan plan)
    {
        if (!plan.Dead.IsEmpty)
        {
            return Send(process, new Request(Ask.Declare, (byte)self, process.Gen, (byte)(1 - self), process.WatchedGen, process.WatchedBeats, 0, default));
        }

        byte claim = Mask(plan.Claim.Select(one => one.Shard));
        Pair seen = plan.Claim.Aggregate(default(Pair), (pair, one) => pair.With(one.Shard, (int)one.RangeId));
        if (plan.Release.IsEmpty)
        {
            return AskToClaim(process, self, claim, seen);
        }

        Pair seqs = plan.Release.Aggregate(default(Pair), (pair, one) => pair.With(one.Shard, (int)one.RangeId));
        byte release = Mask(plan.Release.Select(one => one.Shard));
        return Send(process with { ThenClaim = claim, ThenSeqs = seen }, new Request(Ask.Release, (byte)self, process.Gen, 0, 0, 0, release, seqs));
    }

    private Process Released(Process process, int self, byte mask)
    {
        ShardHolds holds = HoldsOf(process);
        holds = Shards(mask).Aggregate(holds, (left, shard) => left.Released(shard));
        return AskToClaim(With(process, holds) with { ThenClaim = 0, ThenSeqs = default }, self, process.ThenClaim, process.ThenSeqs);
    }

    private Process Claimed(Process process, in Answer answer)
    {
        if (process.Lease == 0)
        {
            return process;
        }

        ShardHolds holds = HoldsOf(process);
        Pair seqs = answer.Seqs;
        return With(process, Shards(answer.Mask).Aggregate(holds, (left, shard) => left.Claimed(shard, seqs[shard])));
    }

    private static Process AskToClaim(Process process, int self, byte claim, Pair seen) => claim == 0
        ? process
        : Send(process, new Request(Ask.Claim, (byte)self, process.Gen, 0, 0, 0, claim, seen));

    private static Process Send(Process process, Request request) => process with { Asked = request, AskedAge = 0 };

    private ShardHolds HoldsOf(Process process) => new(setting.Shards == 1 ? [process.FirstHold] : [process.FirstHold, process.SecondHold]);

    private static Process With(Process process, ShardHolds holds) => process with { FirstHold = holds[0], SecondHold = holds.Count == 1 ? default : holds[1] };

    private static HeartbeatWatch Watch(Process process, int other)
    {
        if (!process.IsWatching)
        {
            return HeartbeatWatch.Begin;
        }

        var members = ImmutableDictionary<NodeNumber, SeenHeartbeat>.Empty;
        if (process.WatchedGen != 0)
        {
            members = members.Add(Number(other, process.WatchedGen), new SeenHeartbeat(process.WatchedBeats, Ago(process.WatchedSince)));
        }

        return new HeartbeatWatch(members, Ago(process.AnsweredAge), Ago(process.AnsweredAge), IsBegun: true);
    }

    private ClusterView View(in Snapshot seen)
    {
        Snapshot copy = seen;
        return new ClusterView(
            1,
            [.. Enumerable.Range(0, 2).Where(node => copy.RowGen[node] != 0).Select(node => Row(copy, node))],
            [.. Enumerable.Range(0, setting.Shards).Select(shard => new ShardOwner(OwnerOf(copy, shard), copy.Seq[shard]))]);
    }

    private static NodeNumber OwnerOf(in Snapshot seen, int shard) =>
        seen.Owner[shard] is 0 or ModelDatabase.Nowhere ? NodeNumber.None : Number(seen.Owner[shard] - 1, seen.RowGen[seen.Owner[shard] - 1]);

    private static ClusterNode Row(in Snapshot seen, int node) =>
        new(Number(node, seen.RowGen[node]), Names[node], "", 0, "", NodeState.Live, seen.RowBeats[node], TimeSpan.Zero);

    private static NodeNumber Number(int node, int gen) => new((gen * 2) + node + 1);

    private static TimeSpan Ago(int age) => Now - TimeSpan.FromSeconds(age);

    private byte Age(TimeSpan time) => (byte)Math.Min(setting.Times.OldestSeen, (Now - time).TotalSeconds);

    private static byte Mask(IEnumerable<int> shards) => (byte)shards.Sum(shard => 1 << shard);

    private static IEnumerable<int> Shards(byte mask) => Enumerable.Range(0, 2).Where(shard => (mask & (1 << shard)) != 0);

    private static ImmutableArray<string> FindNames()
    {
        string[] names = [.. Enumerable.Range(0, 100).Select(number => $"node-{number}")];
        return
        [
            .. names.SelectMany(first => names.Select(second => (first, second)))
                .Where(pair => pair.first != pair.second)
                .Where(pair => Rendezvous.Weight(pair.first, 0) > Rendezvous.Weight(pair.second, 0) && Rendezvous.Weight(pair.first, 1) < Rendezvous.Weight(pair.second, 1))
                .Take(1).SelectMany(pair => new[] { pair.first, pair.second }),
        ];
    }
}
