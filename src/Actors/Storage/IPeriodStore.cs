using SimplexActors.Actors.Statistics;

namespace SimplexActors.Actors.Storage;

/// <summary>
/// Where the ended periods of a whole cluster survive, beside those of its nodes. All methods throw
/// <see cref="Engine.StoreUnavailableException"/> when the store cannot be used now.
/// </summary>
public interface IPeriodStore
{
    /// <summary>The periods that are kept, oldest first.</summary>
    ValueTask<IReadOnlyList<StatisticsPeriod>> ReadPeriodsAsync(CancellationToken cancellation);

    /// <summary>
    /// Stores an ended period, or replaces the one that began at the same time; durable when the task completes. The newest
    /// <see cref="Limits.StatisticsDaysKept"/> are kept.
    /// </summary>
    ValueTask WritePeriodAsync(StatisticsPeriod period, CancellationToken cancellation);
}
