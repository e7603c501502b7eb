namespace SimplexActors.Actors.Engine;

/// <summary>Lets one line in an interval through and counts those it holds back. Safe for many threads.</summary>
public sealed class LogThrottle(TimeProvider time, TimeSpan interval)
{
    private readonly Lock _gate = new();
    private long _last;
    private long _suppressed;
    private bool _used;

    /// <summary>True when a line may be logged now.</summary>
    /// <param name="suppressed">How many were held back since the last one.</param>
    public bool TryEnter(out long suppressed)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_used && time.GetElapsedTime(_last, now) < interval)
            {
                suppressed = ++_suppressed;
                return false;
            }

            suppressed = _suppressed;
            (_used, _last, _suppressed) = (true, now, 0);
            return true;
        }
    }
}
