using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Actors.Statistics;

/// <summary>
/// What the router counts while it runs (section 27). Counting is one atomic addition, from any thread. What is counted is
/// kept in the store by <see cref="StatisticsKeeper"/>; what can be read elsewhere (queues, messages, subscriptions) is
/// not counted at all but read when somebody asks.
/// </summary>
public sealed class RouterStatistics
{
    private readonly long[] _totals = new long[StatisticsNames.Count];
    private readonly ImmutableArray<byte> _hashKey;
    private readonly DateTimeOffset _since;
    private Period _period;

    /// <summary>Begins to count.</summary>
    public RouterStatistics(DateTimeOffset now)
        : this(new StoredStatistics([.. RandomNumberGenerator.GetBytes(ShortHash.KeyLength)], Stored(now), Stored(now), [], []))
    {
    }

    /// <summary>Goes on where <paramref name="stored"/> ended.</summary>
    public RouterStatistics(StoredStatistics stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        (_hashKey, _since) = (stored.HashKey, stored.Since);
        long[] atPeriodStart = new long[_totals.Length];
        foreach (StoredValue value in stored.Values)
        {
            int index = StatisticsNames.IndexOf(value.Name);
            if (index >= 0)
            {
                (_totals[index], atPeriodStart[index]) = (value.Total, value.AtPeriodStart);
            }
        }

        _period = new Period(stored.PeriodBegan, [.. atPeriodStart]);
        ActiveQueues = new ActiveQueues(_hashKey.AsSpan(), Calendar.DayOf(stored.PeriodBegan));
        foreach (StoredActiveQueues queues in stored.ActiveQueues)
        {
            ActiveQueues.Load(queues);
        }
    }

    /// <summary>The queues that were used in the running day, week and month.</summary>
    public ActiveQueues ActiveQueues { get; }

    /// <summary>Everything as it is now; additions made meanwhile are in it or not, each for itself.</summary>
    public StatisticsSnapshot Snapshot
    {
        get
        {
            // The period first: a value that was at its start can then not be more than it is now.
            Period period = Volatile.Read(ref _period);
            return new StatisticsSnapshot(_since, period.Began, Totals(), period.Totals, ActiveQueues.Counts);
        }
    }

    /// <summary>Adds to a counter.</summary>
    public void Add(Counter counter, long count = 1) => Interlocked.Add(ref _totals[(int)counter], count);

    /// <summary>A message was acknowledged so long after its delivery (S-275, O-312).</summary>
    public void AddAckTime(long seconds)
    {
        Interlocked.Increment(ref _totals[StatisticsNames.BucketIndex(AckTimes.BucketOf(seconds))]);
        Interlocked.Add(ref _totals[StatisticsNames.AckSecondsIndex], Math.Max(0, seconds));
    }

    /// <summary>Ends the running period and begins the next; every addition counts in one of the two. One caller at a time.</summary>
    /// <param name="now">Now.</param>
    /// <param name="store">How much is stored now.</param>
    /// <returns>What the ended period counted.</returns>
    internal StatisticsPeriod EndPeriod(DateTimeOffset now, Storage.StoreCounts? store)
    {
        Period ended = _period;
        ImmutableArray<long> totals = Totals();
        ActiveQueueCounts queues = ActiveQueues.Counts;
        int today = Calendar.DayOf(now);
        ActivePeriods over = Calendar.Ended(Calendar.DayOf(ended.Began), today);
        ActiveQueues.BeginDay(today);
        Volatile.Write(ref _period, new Period(Stored(now), totals));

        ImmutableSortedDictionary<string, long>.Builder values = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < totals.Length; i++)
        {
            Add(values, StatisticsNames.At(i), totals[i] - ended.Totals[i]);
        }

        foreach ((string name, long value) in store?.Named() ?? [])
        {
            // Always there, so that a period in which nothing happened has a value too.
            values[name] = value;
        }

        AddQueues(values, StatisticsNames.ActiveQueues, over, queues.Day, queues.Week, queues.Month);
        AddQueues(values, StatisticsNames.ActiveQueuesNtf, over, queues.NtfDay, queues.NtfWeek, queues.NtfMonth);
        return new StatisticsPeriod(ended.Began, Stored(now), values.ToImmutable());
    }

    /// <summary>What has to be stored now.</summary>
    /// <param name="ended">A period that ended, to be stored with it.</param>
    internal StatisticsUpdate TakeUnsaved(StatisticsPeriod? ended)
    {
        StatisticsSnapshot now = Snapshot;
        (IReadOnlyList<StoredActiveQueues> queues, IReadOnlyList<int> replaced) = ActiveQueues.TakeUnsaved();
        return new StatisticsUpdate(new StoredStatistics(_hashKey, now.Since, now.PeriodBegan, [.. now.Stored], queues), replaced, ended);
    }

    // The store keeps whole seconds.
    private static DateTimeOffset Stored(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private static void AddQueues(
        ImmutableSortedDictionary<string, long>.Builder values, string name, ActivePeriods over, DistinctCount day, DistinctCount week, DistinctCount month)
    {
        Add(values, name + ".day", day.Count);
        if (over.HasFlag(ActivePeriods.Week))
        {
            values[name + ".week"] = week.Count;
        }

        if (over.HasFlag(ActivePeriods.Month))
        {
            values[name + ".month"] = month.Count;
        }
    }

    private static void Add(ImmutableSortedDictionary<string, long>.Builder values, string name, long value)
    {
        if (value != 0)
        {
            values[name] = value;
        }
    }

    private ImmutableArray<long> Totals()
    {
        long[] totals = new long[_totals.Length];
        for (int i = 0; i < totals.Length; i++)
        {
            totals[i] = Interlocked.Read(ref _totals[i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(totals);
    }

    private sealed record Period(DateTimeOffset Began, ImmutableArray<long> Totals);
}
