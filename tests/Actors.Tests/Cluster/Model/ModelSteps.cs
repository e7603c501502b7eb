using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// Everything that can happen next. A process may ask at any time; what it decides by an answer may wait for any time before
/// the database has it, be given up and still be carried out; every answer may wait or be lost (at once: until its node gives
/// up, it does nothing); whoever had a shard open may write to it from then on, and writes may wait before and after the
/// database checks them; clocks go on together, or one alone (<see cref="Clocks"/>); a process may die, and start again.
/// </summary>
internal sealed class ModelSteps(Setting setting)
{
    private readonly ModelNode _node = new(setting);

    /// <summary>Adds what can happen next.</summary>
    public void AddTo(List<(string Step, World World)> next, World world)
    {
        for (int node = 0; node < 2; node++)
        {
            var own = new List<NodeStep>();
            AddOfNode(own, node, world.Node(node), world.Shared);
            next.AddRange(own.Select(step => (step.Name, world.With(node, step.Process) with { Shared = step.Shared })));
        }

        var shared = new List<DatabaseStep>();
        AddOfDatabase(shared, world.Shared);
        next.AddRange(shared.Select(step => (step.Name, world with { Shared = step.Shared })));
        foreach (ClockStep step in world.Shared.Clocks.Next(setting.Times))
        {
            next.Add((step.Name, new World(
                world.Shared with { Clocks = step.Clocks },
                step.First ? Clocks.Age(world.First, setting.Times) : world.First,
                step.Second ? Clocks.Age(world.Second, setting.Times) : world.Second)));
        }
    }

    /// <summary>Adds what a node can do, or suffer, next. It reads nothing of the other.</summary>
    public void AddOfNode(List<NodeStep> next, int node, Process process, Shared shared)
    {
        if (process.Life == Life.Down)
        {
            next.Add(new NodeStep(Names.Starts[node], new Process { Life = Life.Joining }, shared));
            return;
        }

        if (process.IsIdle)
        {
            var request = new Request(process.Life == Life.Joining ? Ask.Register : Ask.Beat, (byte)node, process.Gen, 0, 0, 0, 0, default);
            AddExecuted(next, (Names.Asks[node], Names.Unheard[node]), request, process, shared);
            if (request.Kind == Ask.Beat && setting.HasLosses)
            {
                AddLate(next, Names.AsksLate[node], request, process, shared);
            }
        }

        if (process.Asked.Kind != Ask.Nothing)
        {
            AddExecuted(next, (Names.Executed[node], Names.ExecutedUnheard[node]), process.Asked, process, shared);
        }

        if (process.Answered.Kind != Ask.Nothing)
        {
            Process after = _node.Take(process, node);
            next.Add(new NodeStep(Names.Answered[node], after, Opened(process.Answered, after, shared)));
        }

        for (int shard = 0; shard < 2; shard++)
        {
            if (process.Hold(shard).State == HoldState.Closing)
            {
                next.Add(new NodeStep(Names.Closed[node], process.With(shard, process.Hold(shard) with { State = HoldState.Closed }), shared));
            }
        }

        AddFaults(next, node, process, shared);
    }

    /// <summary>Adds what the database can do next.</summary>
    public void AddOfDatabase(List<DatabaseStep> next, Shared shared)
    {
        AddOfLate(next, shared.Late, shared with { Late = default });
        AddOfLate(next, shared.AlsoLate, shared with { AlsoLate = default });

        for (int shard = 0; setting.HasWrites && shard < setting.Shards; shard++)
        {
            int bit = 1 << shard;
            if ((shared.Opened & bit) != 0)
            {
                next.Add(new DatabaseStep("the database checks a write", shared with { Checked = (byte)(shared.Checked | bit) }));
            }

            if ((shared.OpenedBefore & bit) != 0 && setting.TakesOldWrites)
            {
                next.Add(new DatabaseStep("the database checks an old write", shared with { Overtaken = (byte)(shared.Overtaken | bit) }));
            }

            if ((shared.Checked & bit) != 0)
            {
                next.Add(new DatabaseStep("the database commits the write", shared with { Checked = (byte)(shared.Checked & ~bit) }));
            }
        }
    }

    private void AddFaults(List<NodeStep> next, int node, Process process, Shared shared)
    {
        if (setting.HasCrashes)
        {
            next.Add(new NodeStep(Names.Dies[node], new Process(), shared, IsFault: true));
            AddLate(next, Names.DiesLate[node], process.Asked, new Process(), shared);
        }

        if (process.Asked.Kind != Ask.Nothing && setting.HasLosses)
        {
            next.Add(new NodeStep(Names.GivesUp[node], GivenUp(process), shared, IsFault: true));
            AddLate(next, Names.GivesUpLate[node], process.Asked, GivenUp(process), shared);
        }
    }

    private void AddOfLate(List<DatabaseStep> next, in Request late, Shared without)
    {
        if (late.Kind != Ask.Nothing)
        {
            next.Add(new DatabaseStep("the database carries out a late question", ModelDatabase.Execute(without, late, setting.Mutation).After));
            next.Add(new DatabaseStep("a late question is lost", without, IsFault: true));
        }
    }

    private void AddLate(List<NodeStep> next, string name, in Request request, Process process, Shared shared)
    {
        if (request.Kind == Ask.Nothing)
        {
            return;
        }

        if (shared.Late.Kind == Ask.Nothing)
        {
            next.Add(new NodeStep(name, process, shared with { Late = request }, IsFault: true));
        }
        else if (shared.AlsoLate.Kind == Ask.Nothing && setting.MostLate > 1)
        {
            next.Add(new NodeStep(name, process, shared with { AlsoLate = request }, IsFault: true));
        }
    }

    private void AddExecuted(List<NodeStep> next, (string Heard, string Unheard) names, in Request request, Process process, Shared shared)
    {
        (Shared after, Answer answer) = ModelDatabase.Execute(shared, request, setting.Mutation);
        next.Add(new NodeStep(names.Heard, process with { Asked = default, Answered = answer, AskedAge = 0 }, after));
        if (setting.HasLosses)
        {
            next.Add(new NodeStep(names.Unheard, GivenUp(process), after, IsFault: true));
        }
    }

    private static Process GivenUp(Process process) => process with { Asked = default, AskedAge = 0, ThenClaim = 0, ThenSeqs = default };

    private Shared Opened(in Answer answer, Process process, Shared shared)
    {
        for (int shard = 0; setting.HasWrites && answer.Kind == Ask.Claim && shard < setting.Shards; shard++)
        {
            if ((answer.Mask & (1 << shard)) != 0 && process.Hold(shard).State == HoldState.Open)
            {
                bool isLast = answer.Seqs[shard] == shared.Database.Seq[shard];
                shared = isLast
                    ? shared with { Opened = (byte)(shared.Opened | (1 << shard)) }
                    : shared with { OpenedBefore = (byte)(shared.OpenedBefore | (1 << shard)) };
            }
        }

        return shared;
    }
}

/// <summary>What a node can do, or suffer, next.</summary>
/// <param name="Name">In a counterexample.</param>
/// <param name="Process">Its memory afterwards.</param>
/// <param name="Shared">The rest afterwards.</param>
/// <param name="IsFault">It need not be.</param>
internal sealed record NodeStep(string Name, Process Process, Shared Shared, bool IsFault = false);

/// <summary>What the database can do next.</summary>
/// <param name="Name">In a counterexample.</param>
/// <param name="Shared">What is shared afterwards.</param>
/// <param name="IsFault">It need not be.</param>
internal sealed record DatabaseStep(string Name, Shared Shared, bool IsFault = false);
