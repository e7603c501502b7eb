namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>Visits every reduced world that can be reached, the nearest first.</summary>
internal sealed class Explorer(Setting setting)
{
    private readonly StepTables _tables = new(setting);
    private readonly WorldSet _worlds = new();
    private readonly Ways _ways = new();

    /// <summary>Worlds that were reached.</summary>
    public int Worlds => _worlds.Count;

    /// <summary>Steps between them.</summary>
    public long Steps { get; private set; }

    /// <summary>Steps from the start to the farthest world.</summary>
    public int Depth => WayTo(_worlds.Count - 1).Count - 1;

    /// <summary>The worlds.</summary>
    public IEnumerable<World> Reached => Enumerable.Range(0, _worlds.Count).Select(index => _tables.WorldOf(_worlds[index]));

    /// <summary>Whether a world, reduced, was reached.</summary>
    /// <returns>The number of the reduced world; null when it was not.</returns>
    public int? Find(World world) => _worlds.Find(_tables.Of(world));

    /// <summary>Visits all worlds.</summary>
    /// <returns>The steps to the first world in which something is wrong, and what; empty when nothing is.</returns>
    public IReadOnlyList<string> Explore()
    {
        _worlds.Add(_tables.Of(World.Start), -1);
        var next = new List<(ulong World, bool IsFault)>();
        for (int visited = 0; visited < _worlds.Count; visited++)
        {
            next.Clear();
            if (!_tables.AddNext(next, _worlds[visited]))
            {
                return Counterexample.Of(setting, _tables, WayTo(visited));
            }

            Steps += next.Count;
            foreach ((ulong world, bool isFault) in next)
            {
                int index = _worlds.Add(world, visited);
                if (!isFault)
                {
                    _ways.Add(index);
                }
            }

            _ways.EndVisit();
        }

        int stuck = _ways.FirstWithout(index => _tables.Served(_worlds[index]) == (1 << setting.Shards) - 1);
        return stuck < 0
            ? []
            : [.. Counterexample.Of(setting, _tables, WayTo(stuck)), "from here there is no way to serve every shard"];
    }

    private List<ulong> WayTo(int index)
    {
        var way = new List<ulong>();
        for (; index >= 0; index = _worlds.ParentOf(index))
        {
            way.Add(_worlds[index]);
        }

        way.Reverse();
        return way;
    }
}
