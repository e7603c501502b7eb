namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>Worlds as they are, step by step, to compare the reduced ones with.</summary>
internal sealed class PlainWorlds(Setting setting)
{
    private readonly ModelSteps _steps = new(setting);
    private readonly Ranks _ranks = new();

    /// <summary>The nearest worlds, each once.</summary>
    public IEnumerable<World> Nearest(int most)
    {
        var known = new HashSet<World> { World.Start };
        var pending = new Queue<World>(known);
        while (pending.TryDequeue(out World? world))
        {
            yield return world;
            foreach (World next in After(world).Where(next => known.Count < most && known.Add(next)))
            {
                pending.Enqueue(next);
            }
        }
    }

    /// <summary>Worlds on a way from one, taken at random.</summary>
    public IEnumerable<World> Walk(World from, Random random, int steps)
    {
        World world = from;
        for (int step = 0; step < steps; step++)
        {
            List<World> next = After(world);
            world = next[random.Next(next.Count)];
            yield return world;
        }
    }

    private List<World> After(World world)
    {
        var next = new List<(string Step, World World)>();
        _steps.AddTo(next, world);
        return [.. next.Select(step => _ranks.Of(step.World))];
    }
}
