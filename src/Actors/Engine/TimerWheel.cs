using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Engine;

/// <summary>
/// Something that happens when its time has come, such as the time-out of a connection. Costs no timer of the
/// system: whoever has a time-out derives from this or holds one, and gives it to the node's <see cref="TimerWheel"/>.
/// </summary>
public abstract class WheelTimer
{
    internal WheelTimer? Previous { get; set; }

    internal WheelTimer? Next { get; set; }

    internal long DueTick { get; set; }

    /// <summary>Index of the slot it stands in; -1 for none. Guarded by the wheel.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>
    /// Its time has come; it may be scheduled again. Called on the wheel's thread, must return at once. May still be
    /// called once when it is cancelled or scheduled again at the same moment.
    /// </summary>
    protected internal abstract void Elapsed();
}

/// <summary>
/// All time-outs of a node on one coarse clock. Scheduling and cancelling cost the same however many there are;
/// a time-out comes up to one tick late and never early.
/// </summary>
public sealed class TimerWheel : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogThrottle _throttle;
    private readonly long _tickUnits;
    private readonly long _start;
    private readonly WheelTimer?[] _slots;
    private readonly ITimer _timer;
    private long _currentTick;
    private int _count;
    private bool _isDisposed;

    /// <summary>Starts a wheel.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For callbacks that throw.</param>
    public TimerWheel(TimeProvider time, ILogger logger)
        : this(time, logger, Limits.TimerTick, Limits.TimerSlots)
    {
    }

    /// <summary>Starts a wheel of another precision.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For callbacks that throw.</param>
    /// <param name="tick">The precision.</param>
    /// <param name="slots">Time-outs beyond this many ticks are passed over once a round.</param>
    public TimerWheel(TimeProvider time, ILogger logger, TimeSpan tick, int slots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tick, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        (_time, _logger, _slots) = (time, logger, new WheelTimer?[slots]);
        _throttle = new LogThrottle(time, Limits.FaultLogInterval);
        _tickUnits = Math.Max(1, (long)(tick.TotalSeconds * time.TimestampFrequency));
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((TimerWheel)self!).Advance(), this, tick, tick);
    }

    /// <summary>How many are scheduled.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Lets <paramref name="timer"/> elapse after <paramref name="due"/>; replaces an earlier time of it.</summary>
    public void Schedule(WheelTimer timer, TimeSpan due)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(due, TimeSpan.Zero);
        long units = (long)(due.TotalSeconds * _time.TimestampFrequency);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Unlink(timer);
            long dueTick = (_time.GetTimestamp() - _start + units + _tickUnits - 1) / _tickUnits;
            Link(timer, Math.Max(dueTick, _currentTick + 1));
        }
    }

    /// <summary>Takes <paramref name="timer"/> back; false when it was not scheduled or elapses just now.</summary>
    public bool Cancel(WheelTimer timer)
    {
        lock (_gate)
        {
            return Unlink(timer);
        }
    }

    /// <summary>Stops; what is scheduled never elapses.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _timer.Dispose();
    }

    private void Advance()
    {
        List<WheelTimer> elapsed = [];
        lock (_gate)
        {
            long now = (_time.GetTimestamp() - _start) / _tickUnits;

            // A clock that leapt needs one round, not all that were missed.
            long from = Math.Max(_currentTick + 1, now - _slots.Length + 1);
            for (long tick = from; tick <= now && !_isDisposed; tick++)
            {
                TakeDue(_slots[(int)(tick % _slots.Length)], now, elapsed);
            }

            _currentTick = Math.Max(now, _currentTick);
        }

        elapsed.ForEach(Elapse);
    }

    private void TakeDue(WheelTimer? timer, long now, List<WheelTimer> elapsed)
    {
        while (timer is not null)
        {
            WheelTimer? next = timer.Next;
            if (timer.DueTick <= now)
            {
                Unlink(timer);
                elapsed.Add(timer);
            }

            timer = next;
        }
    }

    private void Elapse(WheelTimer timer)
    {
        try
        {
            timer.Elapsed();
        }
        catch (Exception fault)
        {
            if (_throttle.TryEnter(out long suppressed))
            {
                EngineLog.TimerFault(_logger, fault, suppressed);
            }
        }
    }

    private void Link(WheelTimer timer, long dueTick)
    {
        timer.DueTick = dueTick;
        timer.Slot = (int)(dueTick % _slots.Length);
        ref WheelTimer? head = ref _slots[timer.Slot];
        timer.Previous = null;
        timer.Next = head;
        if (head is not null)
        {
            head.Previous = timer;
        }

        head = timer;
        _count++;
    }

    private bool Unlink(WheelTimer timer)
    {
        if (timer.Slot < 0)
        {
            return false;
        }

        if (timer.Previous is { } previous)
        {
            previous.Next = timer.Next;
        }
        else
        {
            _slots[timer.Slot] = timer.Next;
        }

        if (timer.Next is { } next)
        {
            next.Previous = timer.Previous;
        }

        (timer.Previous, timer.Next, timer.Slot) = (null, null, -1);
        _count--;
        return true;
    }
}
