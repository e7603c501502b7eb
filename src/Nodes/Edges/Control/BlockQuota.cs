using SimplexActors.Actors.Statistics;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>
/// How many active queues may be blocked in one day (UTC). The day ends by the clock, whatever else runs (S-494, O-633);
/// a restart does not begin a new one.
/// </summary>
/// <param name="quota">0: as many as the operator wants; negative: none.</param>
/// <param name="time">Tells the day.</param>
/// <param name="counted">What was counted before the start.</param>
internal sealed class BlockQuota(int quota, TimeProvider time, StatisticsSnapshot counted)
{
    private readonly Lock _gate = new();
    private DateTime _day = counted.PeriodBegan.UtcDateTime.Date;
    private long _blocked = counted.InPeriod(Counter.QBlocked);

    /// <summary>True when no more may be blocked today.</summary>
    public bool IsReached
    {
        get
        {
            lock (_gate)
            {
                BeginDay();
                return quota != 0 && _blocked >= quota;
            }
        }
    }

    /// <summary>The number of a day.</summary>
    public int PerDay => quota;

    /// <summary>An active queue was blocked.</summary>
    public void Count()
    {
        lock (_gate)
        {
            BeginDay();
            _blocked++;
        }
    }

    private void BeginDay()
    {
        DateTime today = time.GetUtcNow().UtcDateTime.Date;
        if (_day != today)
        {
            (_day, _blocked) = (today, 0);
        }
    }
}
