using System.Collections.Immutable;

namespace SimplexActors.Actors.Statistics;

/// <summary>
/// Everything that was counted, as of one moment. Each value is given twice: as a total that only grows, which is what
/// graphs need (O-632), and for the running period, which ends at midnight (UTC).
/// </summary>
public sealed class StatisticsSnapshot
{
    private readonly ImmutableArray<long> _totals;
    private readonly ImmutableArray<long> _atPeriodStart;

    internal StatisticsSnapshot(
        DateTimeOffset since, DateTimeOffset periodBegan, ImmutableArray<long> totals, ImmutableArray<long> atPeriodStart, ActiveQueueCounts activeQueues) =>
        (Since, PeriodBegan, _totals, _atPeriodStart, ActiveQueues) = (since, periodBegan, totals, atPeriodStart, activeQueues);

    /// <summary>When counting began: with the store.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>When the running period began (<c>fromTime</c>): midnight, or when counting began.</summary>
    public DateTimeOffset PeriodBegan { get; }

    /// <summary>Distinct queues used in the running day, week and month.</summary>
    public ActiveQueueCounts ActiveQueues { get; }

    /// <summary>Acknowledgements per bucket of <see cref="AckTimes"/>, since counting began.</summary>
    public ReadOnlySpan<long> Acknowledged => _totals.AsSpan(StatisticsNames.BucketIndex(0), AckTimes.Count);

    /// <summary>Sum of the seconds from delivery to acknowledgement, since counting began.</summary>
    public long AcknowledgedSeconds => _totals[StatisticsNames.AckSecondsIndex];

    /// <summary>What a counter counted since counting began.</summary>
    public long Total(Counter counter) => _totals[(int)counter];

    /// <summary>What a counter counted in the running period.</summary>
    public long InPeriod(Counter counter) => _totals[(int)counter] - _atPeriodStart[(int)counter];

    /// <summary>All values that are not zero, by <see cref="StatisticsNames"/>, as they are stored.</summary>
    internal IEnumerable<StoredValue> Stored => Enumerable.Range(0, _totals.Length)
        .Where(index => _totals[index] != 0)
        .Select(index => new StoredValue(StatisticsNames.At(index), _totals[index], _atPeriodStart[index]));
}
