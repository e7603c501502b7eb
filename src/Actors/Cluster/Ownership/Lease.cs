using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>
/// The right to serve, for <see cref="OwnershipOptions.ServeFor"/> from the moment before the last answered heartbeat was
/// sent. It ends by itself, without anybody's doing; whoever made it is called then, late at worst.
/// </summary>
internal sealed class Lease : ILease, IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _validUntil = long.MinValue;

    public Lease(TimeProvider time, Action over)
    {
        _time = time;
        _timer = time.CreateTimer(_ => TimerElapsed(over), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public bool IsValid => _time.GetTimestamp() < Volatile.Read(ref _validUntil);

    /// <summary>What is left of it; 0 when it is over.</summary>
    public TimeSpan Remaining
    {
        get
        {
            long until = Volatile.Read(ref _validUntil);
            long now = _time.GetTimestamp();
            return until <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, until);
        }
    }

    /// <summary>A heartbeat was answered: the lease begins, or goes on.</summary>
    /// <param name="sent">Timestamp from before it was sent.</param>
    /// <param name="serveFor">From then on.</param>
    public void Renew(long sent, TimeSpan serveFor)
    {
        Interlocked.Exchange(ref _validUntil, sent + (long)(serveFor.TotalSeconds * _time.TimestampFrequency));
        _timer.Change(Remaining, Timeout.InfiniteTimeSpan);
    }

    /// <summary>As <see cref="Renew"/>, but only if it goes on without a gap.</summary>
    /// <returns>False when it was over, if only for a moment: somebody may have seen that. Then it stays over.</returns>
    public bool TryExtend(long sent, TimeSpan serveFor)
    {
        long until = Volatile.Read(ref _validUntil);
        if (_time.GetTimestamp() < until)
        {
            Renew(sent, serveFor);

            // Who saw the former end asked for the time before this does.
            if (_time.GetTimestamp() < until)
            {
                return true;
            }
        }

        End();
        return false;
    }

    /// <summary>Ends it now.</summary>
    public void End() => Volatile.Write(ref _validUntil, long.MinValue);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void TimerElapsed(Action over)
    {
        TimeSpan remaining = Remaining;
        if (remaining > TimeSpan.Zero)
        {
            // Renewed meanwhile, or the timer came too early: it knows milliseconds only.
            _timer.Change(remaining + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            return;
        }

        over();
    }
}
