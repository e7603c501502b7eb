namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// A way through reduced worlds in words. It is gone again with nodes that do not change places; steps that
/// <see cref="Reduction"/> takes at once are not told.
/// </summary>
internal static class Counterexample
{
    /// <summary>The steps, and what is wrong after one more if there is such a step.</summary>
    public static IReadOnlyList<string> Of(Setting setting, StepTables tables, IReadOnlyList<ulong> way)
    {
        var reduction = new Reduction(setting);
        var steps = new ModelSteps(setting);
        var told = new List<string>();
        World world = reduction.Reduce(World.Start);
        var next = new List<(string Step, World World)>();
        for (int at = 1; at <= way.Count; at++)
        {
            next.Clear();
            steps.AddTo(next, world);
            if (at == way.Count)
            {
                (string Step, World World) last = next.Find(step => Invariants.Broken(step.World) is not null);
                return last.Step is null ? told : [.. told, last.Step, Invariants.Broken(last.World)!];
            }

            (string step, World after) = next.First(one => Invariants.Broken(one.World) is null && tables.Of(one.World) == way[at]);
            told.Add(step);
            world = reduction.Reduce(after);
        }

        return told;
    }
}
