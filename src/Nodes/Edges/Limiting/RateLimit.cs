using System.Runtime.InteropServices;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.Edges.Limiting;

/// <summary>A rate in the units of a clock, as a <see cref="TokenBucket"/> needs it.</summary>
/// <param name="Interval">Units between two tokens; 0 for no limit.</param>
/// <param name="Tolerance">Units that tokens may be taken ahead of their time.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RateLimit(long Interval, long Tolerance)
{
    /// <summary>Clock units as a time that is never too short for the clock to reach it: whole milliseconds, rounded up.</summary>
    public static TimeSpan TimeOf(long units, TimeProvider time) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(units * 1000.0 / time.TimestampFrequency));

    /// <summary>A rate on a clock.</summary>
    public static RateLimit Of(in Rate rate, TimeProvider time)
    {
        if (rate.IsUnlimited)
        {
            return default;
        }

        long interval = Math.Max(1, (long)(rate.Period.TotalSeconds * time.TimestampFrequency / rate.Count));
        return new RateLimit(interval, interval * (rate.Burst - 1));
    }
}
