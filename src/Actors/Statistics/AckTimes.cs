namespace SimplexActors.Actors.Statistics;

/// <summary>
/// The buckets of the time from the delivery of a message to its acknowledgement (O-312): whole seconds up to 5, then
/// ends at every 5 s up to 30, 10 s up to a minute, 30 s up to three, a minute up to an hour, and one for all that is
/// longer, so that their number is bounded.
/// </summary>
public static class AckTimes
{
    private static readonly long[] Ends =
    [
        .. Steps(0, 5, 1), .. Steps(10, 30, 5), .. Steps(40, 60, 10), .. Steps(90, 180, 30), .. Steps(240, 3600, 60), long.MaxValue,
    ];

    /// <summary>How many there are.</summary>
    public static int Count => Ends.Length;

    /// <summary>The longest time of a bucket in seconds; the last one has no end.</summary>
    public static long EndOf(int bucket) => Ends[bucket];

    /// <summary>The bucket of a time in seconds; a clock that was set back counts as no time.</summary>
    public static int BucketOf(long seconds)
    {
        int found = Array.BinarySearch(Ends, Math.Max(0, seconds));
        return found >= 0 ? found : ~found;
    }

    private static IEnumerable<long> Steps(long first, long last, long step)
    {
        for (long end = first; end <= last; end += step)
        {
            yield return end;
        }
    }
}
