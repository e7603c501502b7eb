namespace SimplexActors.Nodes.Edges.Limiting;

/// <summary>
/// A token bucket in eight bytes: the moment at which it will be full again. A bucket that has a token gives as many as are
/// asked for, and makes up for it before it gives the next one; so a block of commands is never torn. Safe for many threads.
/// </summary>
internal struct TokenBucket
{
    private long _full;

    /// <summary>Clock units until the bucket gives tokens again; 0 when it does.</summary>
    /// <param name="limit">The same in every call.</param>
    /// <param name="now">Of the clock that the limit was made for.</param>
    public readonly long WaitFor(in RateLimit limit, long now) =>
        limit.Interval == 0 ? 0 : Math.Max(0, Volatile.Read(in _full) - limit.Tolerance - now);

    /// <summary>True when all tokens are there.</summary>
    public readonly bool IsFull(long now) => Volatile.Read(in _full) <= now;

    /// <summary>Takes tokens whether or not there are any.</summary>
    public void Take(in RateLimit limit, int tokens, long now)
    {
        if (limit.Interval == 0 || tokens == 0)
        {
            return;
        }

        long full = Volatile.Read(ref _full);
        while (true)
        {
            long seen = Interlocked.CompareExchange(ref _full, Math.Max(full, now) + (tokens * limit.Interval), full);
            if (seen == full)
            {
                return;
            }

            full = seen;
        }
    }

    /// <summary>Takes tokens when there are any.</summary>
    /// <param name="limit">The same in every call.</param>
    /// <param name="tokens">How many.</param>
    /// <param name="now">Of the clock that the limit was made for.</param>
    /// <param name="wait">Clock units after which to try again.</param>
    public bool TryTake(in RateLimit limit, int tokens, long now, out long wait)
    {
        wait = 0;
        if (limit.Interval == 0 || tokens == 0)
        {
            return true;
        }

        long full = Volatile.Read(ref _full);
        while (true)
        {
            wait = Math.Max(0, full - limit.Tolerance - now);
            if (wait > 0)
            {
                return false;
            }

            long seen = Interlocked.CompareExchange(ref _full, Math.Max(full, now) + (tokens * limit.Interval), full);
            if (seen == full)
            {
                return true;
            }

            full = seen;
        }
    }
}
