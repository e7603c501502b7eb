using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What the clocks can do next: they go on together, but the first may be a step ahead.</summary>
/// <param name="Name">In a counterexample.</param>
/// <param name="First">The first goes on.</param>
/// <param name="Second">The second goes on.</param>
/// <param name="Skew">Steps that the first is ahead afterwards.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClockStep(string Name, bool First, bool Second, byte Skew)
{
    private static readonly ClockStep[] Even = [new("time passes", true, true, 0), new("time passes for 0 only", true, false, 1)];
    private static readonly ClockStep[] Ahead = [new("time passes", true, true, 1), new("time passes for 1 only", false, true, 0)];

    /// <summary>What can be next.</summary>
    public static ReadOnlySpan<ClockStep> From(byte skew) => skew == 0 ? Even : Ahead;
}

/// <summary>Time in a process.</summary>
internal static class Clocks
{
    /// <summary>A step of its clock.</summary>
    public static Process Age(Process process)
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
