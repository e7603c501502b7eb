using System.Diagnostics;
using SimplexActors.Fuzz.Targets;

namespace SimplexActors.Fuzz;

/// <summary>
/// Runs the targets in turn on mutated recordings until the time is up or one faults. Inputs depend on the seed alone;
/// the time decides only how many there are.
/// </summary>
internal sealed class Campaign(IReadOnlyList<FuzzTarget> targets, int seed)
{
    private readonly Mutator _mutator = new(seed);

    /// <summary>True when no target threw.</summary>
    public bool Run(TimeSpan duration, TextWriter output)
    {
        long start = Stopwatch.GetTimestamp();
        long executions = 0;
        foreach (FuzzTarget target in targets)
        {
            foreach (byte[] recording in target.Recordings)
            {
                if (!Execute(target, recording, output))
                {
                    return false;
                }

                executions++;
            }
        }

        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            foreach (FuzzTarget target in targets)
            {
                if (!Execute(target, _mutator.Mutate(target.Recordings), output))
                {
                    return false;
                }

                executions++;
            }
        }

        output.WriteLine($"fuzz: {executions} executions over {targets.Count} targets, seed {seed}, no fault");
        return true;
    }

    private bool Execute(FuzzTarget target, byte[] input, TextWriter output)
    {
        try
        {
            target.Run(input);
            return true;
        }
        catch (Exception fault)
        {
            output.WriteLine($"fuzz: {target.Name} threw, seed {seed}");
            output.WriteLine($"again: ./run fuzz --replay {target.Name} {Convert.ToHexStringLower(input)}");
            output.WriteLine(fault);
            return false;
        }
    }
}
