using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>
/// What the two clocks have done lately. They need not agree on anything but this: while one counts the steps after which a silent node
/// is dead, the other counts at least those for which a node serves. So a step that one makes alone is made up for by the
/// other, or followed by so many common steps; in the long run they may be apart by any time.
/// </summary>
/// <param name="Ahead">The clock that made the last step alone, 1 or 2; 0 when that was long ago.</param>
/// <param name="Common">Common steps since then.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Clocks(byte Ahead, byte Common)
{
    /// <summary>What can be next.</summary>
    public IEnumerable<ClockStep> Next(Times times)
    {
        bool isLongAgo = Ahead == 0 || Common + 1 >= times.ServeFor;
        yield return new ClockStep("time passes", true, true, isLongAgo ? default : this with { Common = (byte)(Common + 1) });
        if (Ahead != 1)
        {
            yield return new ClockStep("time passes for 0 only", true, false, new Clocks(1, 0));
        }

        if (Ahead != 2)
        {
            yield return new ClockStep("time passes for 1 only", false, true, new Clocks(2, 0));
        }
    }

    /// <summary>A step of a process's clock.</summary>
    public static Process Age(Process process, Times times)
    {
        if (process.Life == Life.Down)
        {
            return process;
        }

        process = process with
        {
            Lease = (byte)Math.Max(0, process.Lease - 1),
            AnsweredAge = process.Life == Life.Member && process.IsWatching ? (byte)(process.AnsweredAge + 1) : (byte)0,
            WatchedSince = process.WatchedGen != 0 ? (byte)Math.Min(times.OldestSeen, process.WatchedSince + 1) : (byte)0,
            AskedAge = process.IsIdle ? (byte)0 : (byte)Math.Min(times.OldestAsked, process.AskedAge + 1),
        };

        // After such a pause it begins to watch anew, whatever it has seen.
        return process.AnsweredAge < times.OldestAnswered
            ? process
            : process with { IsWatching = false, AnsweredAge = 0, WatchedGen = 0, WatchedBeats = 0, WatchedSince = 0 };
    }
}

/// <summary>What clocks can do next.</summary>
/// <param name="Name">In a counterexample.</param>
/// <param name="First">The first goes on.</param>
/// <param name="Second">The second goes on.</param>
/// <param name="Clocks">Afterwards.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClockStep(string Name, bool First, bool Second, Clocks Clocks);
