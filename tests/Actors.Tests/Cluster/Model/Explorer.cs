namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>Visits every world that can be reached, the nearest first.</summary>
internal sealed class Explorer(Mutation mutation, int shards)
{
    private readonly Dictionary<(ulong High, ulong Low), int> _known = [];
    private readonly List<(int Parent, string Step)> _reached = [];
    private readonly List<(int From, int To)> _edges = [];
    private readonly List<int> _whole = [];
    private readonly Queue<(int Index, World World)> _open = new();
    private readonly WorldKey _key = new();
    private readonly ModelSteps _steps = new(mutation, shards);

    /// <summary>Worlds that were reached.</summary>
    public int States => _reached.Count;

    /// <summary>Steps between them.</summary>
    public int Steps => _edges.Count;

    /// <summary>There is no world that it has not visited.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Steps from the start to the farthest world.</summary>
    public int Depth => Path(_reached.Count - 1).Count;

    /// <summary>Visits worlds, the nearest first.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="most">Worlds after which it ends; then nothing is known of what is always possible.</param>
    /// <returns>The steps to the first world in which something is wrong, and what; empty when nothing is.</returns>
    public IReadOnlyList<string> Explore(World start, int most)
    {
        Add(start, -1, "start");
        var next = new List<(string Step, World World)>();
        while (_open.TryDequeue(out (int Index, World World) at))
        {
            next.Clear();
            _steps.AddTo(next, at.World);
            foreach ((string step, World world) in next)
            {
                if ((Invariants.Broken(at.World, step) ?? Invariants.Broken(world)) is { } broken)
                {
                    return [.. Path(at.Index), step, broken];
                }

                _edges.Add((at.Index, Add(world, at.Index, step)));
            }

            if (_reached.Count >= most)
            {
                return [];
            }
        }

        IsComplete = true;
        return Stuck();
    }

    private int Add(World world, int parent, string step)
    {
        World canonical = _key.Canonical(world);
        (ulong High, ulong Low) key = WorldKey.Encode(canonical);
        if (_known.TryGetValue(key, out int index))
        {
            return index;
        }

        index = _reached.Count;
        _known.Add(key, index);
        _reached.Add((parent, step));
        _open.Enqueue((index, canonical));
        if (Invariants.IsWhole(canonical, shards))
        {
            _whole.Add(index);
        }

        return index;
    }

    // From everywhere there must be a way to a world in which everything is served.
    private IReadOnlyList<string> Stuck()
    {
        var first = new int[_reached.Count];
        Array.Fill(first, -1);
        var previous = new int[_edges.Count];
        for (int edge = 0; edge < _edges.Count; edge++)
        {
            previous[edge] = first[_edges[edge].To];
            first[_edges[edge].To] = edge;
        }

        var can = new bool[_reached.Count];
        var pending = new Stack<int>(_whole);
        _whole.ForEach(index => can[index] = true);
        while (pending.TryPop(out int index))
        {
            for (int edge = first[index]; edge >= 0; edge = previous[edge])
            {
                int from = _edges[edge].From;
                if (!can[from])
                {
                    can[from] = true;
                    pending.Push(from);
                }
            }
        }

        int stuck = Array.IndexOf(can, false);
        return stuck < 0 ? [] : [.. Path(stuck), "from here there is no way to serve every shard"];
    }

    private List<string> Path(int index)
    {
        var steps = new List<string>();
        for (; index > 0; index = _reached[index].Parent)
        {
            steps.Add(_reached[index].Step);
        }

        steps.Reverse();
        return steps;
    }
}
