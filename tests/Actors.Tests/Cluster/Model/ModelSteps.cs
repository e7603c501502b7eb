using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// Everything that can happen next. A process may ask at any time; what it decides by an answer may wait for any time before
/// the database has it, be given up and still be carried out; every answer may wait or be lost; a write (to the first shard:
/// the shards differ only in who should have them) may wait before and after it was checked; clocks go on together, but one may
/// be a step ahead; a process may die, and start again.
/// </summary>
internal sealed class ModelSteps(Mutation mutation, int shards)
{
    private readonly ModelNode _node = new(mutation, shards);

    /// <summary>Adds what can happen next.</summary>
    public void AddTo(List<(string Step, World World)> next, World world)
    {
        for (int node = 0; node < 2; node++)
        {
            Alive(next, world, node);
            Faults(next, world, node);
        }

        if (world.Late.Kind != Ask.Nothing)
        {
            next.Add(("the database carries out a late question", ModelDatabase.Execute(world, world.Late, mutation).World with { Late = default }));
            next.Add(("a late question is lost", world with { Late = default }));
        }

        Writes(next, world);
        next.Add(("time passes", Age(world, true, true)));
        if (world.Skew == 0)
        {
            next.Add(("time passes for 0 only", Age(world, true, false) with { Skew = 1 }));
        }
        else
        {
            next.Add(("time passes for 1 only", Age(world, false, true) with { Skew = 0 }));
        }
    }

    private void Alive(List<(string Step, World World)> next, World world, int node)
    {
        Process process = world.Node(node);
        if (process.Life == Life.Down)
        {
            next.Add((Names.Starts[node], world.With(node, new Process { Life = Life.Joining })));
            return;
        }

        if (process.IsIdle)
        {
            Ask kind = process.Life == Life.Joining ? Ask.Register : Ask.Beat;
            var request = new Request(kind, (byte)node, process.Gen, 0, 0, 0, 0, default);
            (World after, Answer answer) = ModelDatabase.Execute(world, request, mutation);
            next.Add((Names.Asks[node], after.With(node, process with { Answered = answer, AskedAge = 0 })));
            if (kind == Ask.Beat && world is { LossesLeft: > 0, Late.Kind: Ask.Nothing })
            {
                next.Add((Names.AsksLate[node], world with { Late = request, LossesLeft = (byte)(world.LossesLeft - 1) }));
            }
        }

        if (process.Asked.Kind != Ask.Nothing)
        {
            (World after, Answer answer) = ModelDatabase.Execute(world, process.Asked, mutation);
            next.Add((Names.Executed[node], after.With(node, process with { Asked = default, Answered = answer })));
        }

        if (process.Answered.Kind != Ask.Nothing)
        {
            Process after = _node.Take(process, node);
            next.Add((Names.Answered[node], world.With(node, after.Asked.Kind == Ask.Nothing ? after with { AskedAge = 0 } : after)));
        }

        for (int shard = 0; shard < 2; shard++)
        {
            if (process.Hold(shard).State == HoldState.Closing)
            {
                var closed = new ShardHold(HoldState.Closed, process.Hold(shard).RangeId);
                next.Add((Names.Closed[node], world.With(node, shard == 0 ? process with { FirstHold = closed } : process with { SecondHold = closed })));
            }
        }
    }

    private static void Faults(List<(string Step, World World)> next, World world, int node)
    {
        Process process = world.Node(node);
        if (process.Life != Life.Down && world.CrashesLeft > 0)
        {
            World without = world.With(node, new Process()) with { CrashesLeft = (byte)(world.CrashesLeft - 1) };
            next.Add((Names.Dies[node], without));
            if (process.Asked.Kind != Ask.Nothing && world.Late.Kind == Ask.Nothing)
            {
                next.Add((Names.DiesLate[node], without with { Late = process.Asked }));
            }
        }

        if (process.Life != Life.Down && !process.IsIdle && world.LossesLeft > 0)
        {
            World without = world.With(node, process with { Asked = default, Answered = default, AskedAge = 0, ThenClaim = 0, ThenSeqs = default }) with { LossesLeft = (byte)(world.LossesLeft - 1) };
            next.Add((Names.GivesUp[node], without));
            if (process.Asked.Kind != Ask.Nothing && world.Late.Kind == Ask.Nothing)
            {
                next.Add((Names.GivesUpLate[node], without with { Late = process.Asked }));
            }
        }
    }

    private void Writes(List<(string Step, World World)> next, World world)
    {
        Write write = world.Write;
        if (!write.IsSent && world.WritesLeft > 0)
        {
            for (int node = 0; node < 2; node++)
            {
                if (world.Node(node).Hold(0) is { State: HoldState.Open } hold)
                {
                    next.Add((Names.Writes[node], world with
                    {
                        Write = new Write(true, 0, (byte)hold.RangeId, false),
                        WritesLeft = (byte)(world.WritesLeft - 1),
                    }));
                }
            }
        }
        else if (write is { IsSent: true, IsChecked: false })
        {
            bool isSame = write.Seq == world.Database.Seq[write.Shard] || mutation is Mutation.NoFence or Mutation.ClaimKeepsRange;
            next.Add(isSame
                ? ("the database checks the write", world with { Write = write with { IsChecked = true } })
                : ("the database refuses the write", world with { Write = default }));
        }
        else if (write.IsSent)
        {
            next.Add((Invariants.Commit, world with { Write = default }));
        }
    }

    private static World Age(World world, bool first, bool second) => world with
    {
        First = first ? Age(world.First) : world.First,
        Second = second ? Age(world.Second) : world.Second,
    };

    private static Process Age(Process process)
    {
        if (process.Life == Life.Down)
        {
            return process;
        }

        process = process with
        {
            Lease = (byte)Math.Max(0, process.Lease - 1),
            AnsweredAge = process.Life == Life.Member && process.IsWatching ? (byte)(process.AnsweredAge + 1) : (byte)0,
            WatchedSince = process.WatchedGen != 0 ? (byte)Math.Min(ModelNode.OldestSeen, process.WatchedSince + 1) : (byte)0,
            AskedAge = process.IsIdle ? (byte)0 : (byte)Math.Min(ModelNode.OldestAsked, process.AskedAge + 1),
        };

        // After such a pause it begins to watch anew, whatever it has seen.
        return process.AnsweredAge < ModelNode.OldestAnswered
            ? process
            : process with { IsWatching = false, AnsweredAge = 0, WatchedGen = 0, WatchedBeats = 0, WatchedSince = 0 };
    }
}
