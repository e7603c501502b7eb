using System.Collections.Concurrent;
using SimplexActors.Actors;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Releases the answers of blocks with refusals at ticks of one clock of the node. A timer for each block would begin when its
/// work is done, and the remainder of a millisecond would tell how long that took (S-139, S-140); the ticks begin
/// when blocks come, before anything is known of them, and go on while blocks come.
/// </summary>
internal sealed class RefusalClock : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly ConcurrentQueue<CommandBlock> _held = new();
    private long _lastReceived;
    private int _ticking;

    /// <summary>A clock that stands until a block comes.</summary>
    public RefusalClock(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static clock => ((RefusalClock)clock!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A block came; returns the time, which <see cref="IsDue"/> counts from.</summary>
    public long Receive()
    {
        long now = _time.GetTimestamp();
        Volatile.Write(ref _lastReceived, now);
        Start();
        return now;
    }

    /// <summary>Keeps a block until a tick finds that it is due.</summary>
    public void Hold(CommandBlock block)
    {
        _held.Enqueue(block);
        Start();
    }

    /// <summary>True when the time of a block of so many commands is over.</summary>
    public bool IsDue(long received, int commands) =>
        _time.GetElapsedTime(received) >= Limits.RefusalTime + (commands * Limits.RefusalTimePerCommand);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Tick()
    {
        for (int i = _held.Count; i > 0 && _held.TryDequeue(out CommandBlock? block); i--)
        {
            if (!block.TryRelease())
            {
                _held.Enqueue(block);
            }
        }

        if (_held.IsEmpty && _time.GetElapsedTime(Volatile.Read(ref _lastReceived)) > Limits.RefusalClockRest)
        {
            Stop();
        }
    }

    /// <summary>Stops ticking, unless a block came meanwhile.</summary>
    private void Stop()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref _ticking, 0);
        if (!_held.IsEmpty || _time.GetElapsedTime(Volatile.Read(ref _lastReceived)) <= Limits.RefusalClockRest)
        {
            Start();
        }
    }

    private void Start()
    {
        if (Interlocked.CompareExchange(ref _ticking, 1, 0) == 0)
        {
            _timer.Change(Limits.RefusalTick, Limits.RefusalTick);
        }
    }
}
