namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>How many shards may begin to move now: so many per second, and none saved up beyond what may move at a time.</summary>
internal sealed class HandOffPace(OwnershipOptions options)
{
    private double _tokens = options.ConcurrentHandOffs;
    private TimeSpan _last;

    /// <summary>How many may begin.</summary>
    /// <param name="now">On a monotonic clock.</param>
    /// <param name="inProgress">That are on their way.</param>
    /// <param name="isLeaving">A node that leaves is bounded by what may move at a time only.</param>
    public int Available(TimeSpan now, int inProgress, bool isLeaving)
    {
        double more = (now - _last).TotalSeconds * options.HandOffsPerSecond;
        (_tokens, _last) = (Math.Min(_tokens + more, options.ConcurrentHandOffs), now);
        int free = Math.Max(0, options.ConcurrentHandOffs - inProgress);
        return isLeaving ? free : Math.Min(free, (int)_tokens);
    }

    /// <summary>So many began.</summary>
    public void Take(int count) => _tokens = Math.Max(0, _tokens - count);
}
