using System.Collections.Immutable;
using SimplexActors.Actors.Storage;

namespace SimplexActors.Actors.Statistics;

/// <summary>
/// Counts at the end of each day (UTC) what is stored, once for all nodes that share a store: every count reads it whole. A cluster
/// that did not run at midnight counts when it runs again; on its first day there is nothing to count yet.
/// </summary>
/// <param name="store">What is counted.</param>
/// <param name="periods">Where the counts are kept.</param>
/// <param name="time">The router's time.</param>
public sealed class DailyCount(IStatisticsStore store, IPeriodStore periods, TimeProvider time)
{
    /// <summary>Waits until a day is over and stores its counts, under the names of <see cref="StoreCounts"/>.</summary>
    public async Task RunAsync(IProgress<StatisticsPeriod> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        IReadOnlyList<StatisticsPeriod> kept = await periods.ReadPeriodsAsync(cancellation);
        int counted = Calendar.DayOf(kept.Count > 0 ? kept[^1].Ended : time.GetUtcNow());
        while (Calendar.DayOf(time.GetUtcNow()) <= counted)
        {
            await Task.Delay(Calendar.UntilMidnight(time.GetUtcNow()), time, cancellation);
        }

        DateTimeOffset now = time.GetUtcNow();
        StoreCounts counts = await store.CountAsync(cancellation);
        var values = counts.Named().ToImmutableSortedDictionary(count => count.Name, count => count.Value, StringComparer.Ordinal);
        var period = new StatisticsPeriod(new DateTimeOffset(now.UtcDateTime.Date.AddDays(-1), TimeSpan.Zero), now, values);
        await periods.WritePeriodAsync(period, cancellation);
        progress.Report(period);
    }
}
