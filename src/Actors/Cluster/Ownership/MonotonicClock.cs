namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>Time since this object was made, by the monotonic clock of this machine.</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly long _begin = time.GetTimestamp();

    /// <summary>The time that is behind it.</summary>
    public TimeProvider Time => time;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Now => time.GetElapsedTime(_begin);
}
