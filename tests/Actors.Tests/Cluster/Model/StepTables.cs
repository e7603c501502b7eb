namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// The steps of reduced worlds, looked up. What a node's step makes depends on the node and on what is shared; the other it
/// changes only as far as its numbers are not the database's any more. So each is computed once, for all worlds in which it occurs.
/// </summary>
internal sealed class StepTables(Setting setting)
{
    // Instead of what breaks an invariant, and of a database that did not change.
    private const int Broken = -1;
    private const int Unchanged = -2;

    private readonly ModelSteps _steps = new(setting);
    private readonly Reduction _reduction = new(setting);
    private readonly WorldNumbers _numbers = new(setting);
    private readonly Dictionary<ulong, Effect[]> _ofNode = [];
    private readonly Dictionary<int, Effect[]> _ofDatabase = [];
    private readonly Dictionary<ulong, int> _reduced = [];
    private readonly Dictionary<ulong, int> _aged = [];

    /// <summary>What one node, or nobody, makes of the shared.</summary>
    private readonly record struct Effect(int Own, int Shared, int Database, bool IsFault);

    /// <summary>The number of a world.</summary>
    public ulong Of(World world)
    {
        World reduced = _reduction.Reduce(world);
        return _numbers.World(_numbers.Of(reduced.First), _numbers.Of(reduced.Second), _numbers.Of(reduced.Shared));
    }

    /// <summary>A world by its number.</summary>
    public World WorldOf(ulong world)
    {
        (int first, int second, int shared) = WorldNumbers.Parts(world);
        return new World(_numbers.Shared(shared), _numbers.Process(first), _numbers.Process(second));
    }

    /// <summary>Bits of the shards that are served.</summary>
    public int Served(ulong world)
    {
        (int first, int second, _) = WorldNumbers.Parts(world);
        return _numbers.ServedBy(first) | _numbers.ServedBy(second);
    }

    /// <summary>Adds what can be next.</summary>
    /// <returns>False when one of them breaks an invariant.</returns>
    public bool AddNext(List<(ulong World, bool IsFault)> next, ulong world)
    {
        (int first, int second, int shared) = WorldNumbers.Parts(world);
        bool isRight = true;
        foreach (Effect effect in OfNode(0, first, shared))
        {
            isRight &= TryAdd(next, effect.Own, Reduced(second, 1, effect.Database), effect.Shared, effect.IsFault);
        }

        foreach (Effect effect in OfNode(1, second, shared))
        {
            isRight &= TryAdd(next, Reduced(first, 0, effect.Database), effect.Own, effect.Shared, effect.IsFault);
        }

        foreach (Effect effect in OfDatabase(shared))
        {
            isRight &= TryAdd(next, Reduced(first, 0, effect.Database), Reduced(second, 1, effect.Database), effect.Shared, effect.IsFault);
        }

        Shared now = _numbers.Shared(shared);
        foreach (ClockStep step in now.Clocks.Next(setting.Times))
        {
            isRight &= TryAdd(
                next,
                step.First ? Aged(first, 0, shared) : first,
                step.Second ? Aged(second, 1, shared) : second,
                step.Clocks == now.Clocks ? shared : _numbers.Of(now with { Clocks = step.Clocks }),
                isFault: false);
        }

        return isRight;
    }

    private bool TryAdd(List<(ulong World, bool IsFault)> next, int first, int second, int shared, bool isFault)
    {
        if (first == Broken || second == Broken || shared == Broken)
        {
            return false;
        }

        next.Add((_numbers.World(first, second, shared), isFault));
        return true;
    }

    private Effect[] OfNode(int node, int process, int shared)
    {
        ulong key = Key(node, process, shared);
        if (!_ofNode.TryGetValue(key, out Effect[]? known))
        {
            var steps = new List<NodeStep>();
            _steps.AddOfNode(steps, node, _numbers.Process(process), _numbers.Shared(shared));
            known = [.. steps.Select(step => EffectOf(step.Shared, shared, step.IsFault) with { Own = Reduce(step.Process, node, step.Shared.Database) })];
            _ofNode.Add(key, known);
        }

        return known;
    }

    private Effect[] OfDatabase(int shared)
    {
        if (!_ofDatabase.TryGetValue(shared, out Effect[]? known))
        {
            var steps = new List<DatabaseStep>();
            _steps.AddOfDatabase(steps, _numbers.Shared(shared));
            known = [.. steps.Select(step => EffectOf(step.Shared, shared, step.IsFault))];
            _ofDatabase.Add(shared, known);
        }

        return known;
    }

    private Effect EffectOf(Shared after, int before, bool isFault)
    {
        int database = _numbers.Databases.Of(after.Database);
        return new Effect(
            0,
            Invariants.Broken(after) is null ? _numbers.Of(_reduction.Reduce(after)) : Broken,
            database == _numbers.DatabaseOf(before) ? Unchanged : database,
            isFault);
    }

    // A process that did nothing, after the database has changed.
    private int Reduced(int process, int node, int database)
    {
        if (database == Unchanged)
        {
            return process;
        }

        ulong key = Key(node, process, database);
        if (!_reduced.TryGetValue(key, out int known))
        {
            known = Reduce(_numbers.Process(process), node, _numbers.Databases[database]);
            _reduced.Add(key, known);
        }

        return known;
    }

    private int Aged(int process, int node, int shared)
    {
        ulong key = Key(node, process, _numbers.DatabaseOf(shared));
        if (!_aged.TryGetValue(key, out int known))
        {
            known = Reduce(Clocks.Age(_numbers.Process(process), setting.Times), node, _numbers.Shared(shared).Database);
            _aged.Add(key, known);
        }

        return known;
    }

    private int Reduce(Process process, int node, in Snapshot database) =>
        Invariants.Broken(process, node, database) is null ? _numbers.Of(_reduction.Reduce(process, node, database)) : Broken;

    // Spread, because a dictionary adds up the halves of a number.
    private static ulong Key(int first, int second, int third) => WorldNumbers.Pack(first, second, third) * 0x9E37_79B9_7F4A_7C15;
}
