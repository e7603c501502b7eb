using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// Makes one world of many that have the same future. What makes it small:
/// <list type="bullet">
/// <item>Numbers - of processes, heartbeats, claims - are only compared for equality, and the database's are always replaced by new
/// ones. So a number is <see cref="Current"/> (the database's), or <see cref="Dead"/>: it will never again be. In an answer
/// about another process it may also be <see cref="Seen"/>: not the database's any more, but to be compared once with what was seen before.</item>
/// <item>What is not read before it is written is zero: of an answer what is not the process's business, of a watch what cannot be
/// recognised any more, a lease with nothing to serve, a question or its shard whose number is dead.</item>
/// <item>What only its own process notices, and what stays possible and the same until it happens, happens at once: a process starts,
/// gives up a question that can do nothing any more, takes an answer that it understands the same way at any time, finds out that it
/// was declared dead. Until then it does nothing that it could not do afterwards too (<see cref="Settle"/>).</item>
/// <item>A write that the database has checked only delays claims of its shard. Where there is none on its way, it commits at once.</item>
/// </list>
/// <see cref="ReductionTests"/> compares with worlds that were not reduced.
/// </summary>
internal sealed class Reduction(Setting setting)
{
    // Smaller than a new one, greater than all ranks.
    public const byte Current = ModelDatabase.Fresh - 1, Seen = ModelDatabase.Fresh - 2, Dead = ModelDatabase.Fresh - 3;

    private readonly ModelNode _node = new(setting);
    private readonly LiveQuestions _live = new(setting.Mutation);

    /// <summary>Reduces a world.</summary>
    public World Reduce(World world)
    {
        Shared shared = Reduce(world.Shared);
        Process first = Reduce(world.First, 0, world.Shared.Database);
        Process second = Reduce(world.Second, 1, world.Shared.Database);
        return new World(shared with { Checked = Delaying(shared, Claimed(first) | Claimed(second)) }, first, second);
    }

    /// <summary>Bits of the shards whose writes keep somebody from claiming; a write to another shard has committed already.</summary>
    public static byte Delaying(Shared shared, int claimed) =>
        (byte)(shared.Checked & (claimed | Claimed(shared.Late) | Claimed(shared.AlsoLate)));

    /// <summary>Bits of the shards that a process is about to claim.</summary>
    public static int Claimed(Process process) => process.ThenClaim | Claimed(process.Asked);

    private static int Claimed(in Request request) => request.Kind == Ask.Claim ? request.Mask : 0;

    /// <summary>Reduces the memory of a process, whose numbers are those of <paramref name="database"/>.</summary>
    public Process Reduce(Process process, int self, in Snapshot database)
    {
        process = Settle(process, self, database);
        process = process.Life == Life.Joining ? Joining(process, self, database) : Member(process, self, database);
        return process with
        {
            Asked = Renumber(process.Asked, database),
            ThenSeqs = Claims(process.ThenSeqs, process.ThenClaim, database),
        };
    }

    /// <summary>Reduces what is shared.</summary>
    public Shared Reduce(Shared shared)
    {
        Snapshot database = shared.Database;
        shared = shared with
        {
            Database = new Snapshot(
                new Pair(If(database.RowGen.First), If(database.RowGen.Second)),
                new Pair(If(database.RowGen.First), If(database.RowGen.Second)),
                database.Owner,
                new Pair(Current, Current)),
            Late = Renumber(_live.Of(shared.Late, database), database),
            AlsoLate = Renumber(_live.Of(shared.AlsoLate, database), database),
            OpenedBefore = setting.TakesOldWrites ? shared.OpenedBefore : (byte)0,
        };
        return shared.Sorted();

        static byte If(byte number) => number == 0 ? (byte)0 : Current;
    }

    private static byte Number(long number, byte current) => number == 0 ? (byte)0 : number == current ? Current : Dead;

    private static Pair Claims(Pair seqs, byte mask, in Snapshot database) => new(
        (mask & 1) == 0 ? (byte)0 : Number(seqs.First, database.Seq.First),
        (mask & 2) == 0 ? (byte)0 : Number(seqs.Second, database.Seq.Second));

    private static Request Renumber(in Request request, in Snapshot database) => request with
    {
        Gen = Number(request.Gen, database.RowGen[request.Node]),
        TargetGen = Number(request.TargetGen, database.RowGen[request.Target]),
        TargetBeats = Number(request.TargetBeats, database.RowBeats[request.Target]),
        Seqs = Claims(request.Seqs, request.Mask, database),
    };

    private Process Settle(Process process, int self, in Snapshot database)
    {
        while (true)
        {
            Process before = process;
            process = WithLiveQuestions(process, database);
            if (process.Life == Life.Down || IsGone(process, self, database))
            {
                process = new Process { Life = Life.Joining };
            }

            if (IsTakenAtOnce(process, self, database))
            {
                process = _node.Take(process, self);
            }

            if (process == before)
            {
                return process;
            }
        }
    }

    private Process WithLiveQuestions(Process process, in Snapshot database)
    {
        Request asked = _live.Of(process.Asked, database);
        if (process.Asked.Kind != Ask.Release)
        {
            return process with { Asked = asked };
        }

        // A release that changes nothing is waited for all the same: then its node forgets the shard, or claims another.
        int closed = Enumerable.Range(0, 2).Sum(shard => process.Hold(shard).State == HoldState.Closed ? 1 << shard : 0) & process.Asked.Mask;
        byte then = _live.Claims(process.ThenClaim, process.Gen, process.Asked.Node, process.ThenSeqs, database);
        return asked.Kind == Ask.Nothing && closed == 0 && then == 0
            ? process with { Asked = default, ThenClaim = 0, ThenSeqs = default }
            : process with
            {
                Asked = process.Asked with { Mask = (byte)(asked.Mask | closed), Seqs = new Pair(Seq(0), Seq(1)) },
                ThenClaim = then,
            };

        byte Seq(int shard) => (asked.Mask & (1 << shard)) != 0 ? process.Asked.Seqs[shard] : Dead;
    }

    // It was declared dead, does nothing that matters and is about to notice.
    private bool IsGone(Process process, int self, in Snapshot database) =>
        process.Life == Life.Member && process.Gen != database.RowGen[self] && process.IsIdle
            && !(process.Serves(0) || process.Serves(1)) && setting.Mutation != Mutation.ResumeUnchecked;

    private static bool IsTakenAtOnce(Process process, int self, in Snapshot database) => process.Answered switch
    {
        { Kind: Ask.Declare or Ask.Release } => true,
        { Kind: Ask.Register } answer => answer.Gen != 0 || answer.Seen.RowGen[self] != database.RowGen[self],
        { Kind: Ask.Beat } answer => answer.Seen.RowGen[self] != process.Gen,
        { Kind: Ask.Claim } answer => answer.Mask == 0 || process.Lease == 0,
        _ => false,
    };

    private Process Joining(Process process, int self, in Snapshot database)
    {
        bool isAnswered = process.Answered.Kind == Ask.Register;
        Snapshot row = isAnswered ? process.Answered.Seen : database;
        bool isSameRow = process.IsWatching && process.WatchedGen != 0 && process.WatchedGen == row.RowGen[self];
        bool isSilent = isSameRow && process.WatchedBeats == row.RowBeats[self];
        byte askedAge = isAnswered && isSilent ? process.AskedAge : (byte)0;
        byte beats = row.RowBeats[self] == database.RowBeats[self] ? Current : Seen;
        return process with
        {
            FirstHold = process.FirstHold with { RangeId = Number(process.FirstHold.RangeId, database.Seq.First) },
            SecondHold = process.SecondHold with { RangeId = Number(process.SecondHold.RangeId, database.Seq.Second) },
            Lease = 0,
            AskedAge = askedAge,
            IsWatching = isSameRow,
            WatchedGen = isSameRow ? Current : (byte)0,
            WatchedBeats = isSilent ? beats : isSameRow ? Dead : (byte)0,
            WatchedSince = isSilent ? (byte)Math.Min(process.WatchedSince, setting.Times.ClaimAfter + askedAge) : (byte)0,
            Grown = isSameRow ? process.Grown : (byte)0,
            Answered = isAnswered
                ? new Answer(Ask.Register, new Snapshot(default(Pair).With(self, Current), default(Pair).With(self, beats), default, default), 0, 0, default)
                : default,
        };
    }

    private Process Member(Process process, int self, in Snapshot database)
    {
        bool isAnswered = process.Answered.Kind == Ask.Beat;
        int other = 1 - self;
        Snapshot seen = isAnswered ? process.Answered.Seen : database;
        int askedAge = isAnswered ? process.AskedAge : 0;
        bool isWatched = process.IsWatching && process.WatchedGen != 0
            && process.WatchedGen == seen.RowGen[other] && process.WatchedBeats == seen.RowBeats[other]
            && askedAge <= setting.Times.LongestPause && process.AnsweredAge - askedAge <= setting.Times.LongestPause;
        byte otherGen = seen.RowGen[other] == 0 ? (byte)0 : seen.RowGen[other] == database.RowGen[other] ? Current : Seen;
        byte otherBeats = otherGen == 0 ? (byte)0 : otherGen == Current && seen.RowBeats[other] == database.RowBeats[other] ? Current : Seen;
        byte gen = Number(process.Gen, database.RowGen[self]);
        (ShardHold Hold, byte Owner, byte Seq) first = Shard(process, self, 0, database);
        (ShardHold Hold, byte Owner, byte Seq) second = Shard(process, self, 1, database);
        return process with
        {
            Gen = gen,
            Lease = NeedsLease(process) ? process.Lease : (byte)0,
            FirstHold = first.Hold,
            SecondHold = second.Hold,
            AskedAge = (byte)askedAge,
            IsWatching = isWatched,
            AnsweredAge = isWatched ? process.AnsweredAge : (byte)0,
            WatchedGen = isWatched ? otherGen : (byte)0,
            WatchedBeats = isWatched ? otherBeats : (byte)0,
            WatchedSince = isWatched ? (byte)Math.Min(process.WatchedSince, setting.Times.ClaimAfter + askedAge) : (byte)0,
            Answered = process.Answered.Kind switch
            {
                Ask.Beat => new Answer(
                    Ask.Beat,
                    new Snapshot(
                        default(Pair).With(self, gen).With(other, otherGen),
                        default(Pair).With(other, otherBeats),
                        new Pair(first.Owner, second.Owner),
                        new Pair(first.Seq, second.Seq)),
                    0,
                    0,
                    default),
                Ask.Claim => process.Answered with { Seqs = Claims(process.Answered.Seqs, process.Answered.Mask, database) },
                _ => default,
            },
        };
    }

    private static bool NeedsLease(Process process) =>
        process.FirstHold.State is HoldState.Open or HoldState.Closing || process.SecondHold.State is HoldState.Open or HoldState.Closing
            || process.Asked.Kind == Ask.Claim || process.ThenClaim != 0 || process.Answered.Kind == Ask.Claim;

    // What is here of a shard, and what an answer says of it.
    private (ShardHold Hold, byte Owner, byte Seq) Shard(Process process, int self, int shard, in Snapshot database)
    {
        ShardHold hold = process.Hold(shard);
        bool isAnswered = process.Answered.Kind == Ask.Beat && shard < setting.Shards;
        Snapshot seen = process.Answered.Seen;
        if (hold.State == HoldState.None)
        {
            (byte owner, bool isUseful) = isAnswered ? Wanted(process, self, shard, database) : default;
            return (default, isUseful ? owner : (byte)0, !isAnswered ? (byte)0 : isUseful ? Current : Dead);
        }

        bool isMine = isAnswered && seen.Owner[shard] == self + 1 && seen.Seq[shard] == hold.RangeId;
        bool isOwned = process.Gen == database.RowGen[self] && database.Owner[shard] == self + 1 && database.Seq[shard] == hold.RangeId;
        byte number = isOwned ? Current : Dead;
        HoldState state = hold.State == HoldState.Open && process.Lease == 0 ? HoldState.Suspended : hold.State;
        return (new ShardHold(state, number), isMine ? (byte)(self + 1) : (byte)0, isMine ? number : isAnswered ? Dead : (byte)0);
    }

    // Of a shard that is not here only this matters: will the answer let the process claim it, or release it, and will that do anything?
    private (byte Owner, bool IsUseful) Wanted(Process process, int self, int shard, in Snapshot database)
    {
        Snapshot seen = process.Answered.Seen;
        bool isSame = process.Gen == database.RowGen[self] && (seen.Seq[shard] == database.Seq[shard] || setting.Mutation == Mutation.ClaimKeepsRange);
        bool wantsSelf = shard == self || seen.RowGen[1 - self] == 0;
        return wantsSelf
            ? ((byte)0, isSame && seen.Owner[shard] != 2 - self && _node.LeaseAfter(process.AskedAge) > 0)
            : ((byte)(self + 1), isSame && seen.Owner[shard] == self + 1);
    }
}
