using SimplexActors.Actors.Statistics;

namespace SimplexActors.Actors.Storage;

/// <summary>Where the statistics survive a restart. All methods throw <see cref="Engine.StoreUnavailableException"/> when the store cannot be used now.</summary>
public interface IStatisticsStore
{
    /// <summary>What was stored last; null when nothing ever was.</summary>
    ValueTask<StoredStatistics?> ReadStatisticsAsync(CancellationToken cancellation);

    /// <summary>
    /// Stores an update, all of it or nothing; durable when the task completes. Of the ended periods the newest
    /// <see cref="Limits.StatisticsDaysKept"/> are kept.
    /// </summary>
    ValueTask WriteStatisticsAsync(StatisticsUpdate update, CancellationToken cancellation);

    /// <summary>The ended periods that are kept, oldest first.</summary>
    ValueTask<IReadOnlyList<StatisticsPeriod>> ReadPeriodsAsync(CancellationToken cancellation);

    /// <summary>How much is stored now. Reads an index of every table, so it is for status output and not for any hot path.</summary>
    ValueTask<StoreCounts> CountAsync(CancellationToken cancellation);

    /// <summary>
    /// Waiting notifications that were dropped since the store was opened, because newer ones of their notifier took
    /// their place.
    /// </summary>
    long NotificationsLost { get; }
}
