using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Statistics;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>The ended periods of the whole cluster.</summary>
internal sealed class PostgresClusterPeriods(PostgresReads reads, WriteLane lane, StoreLog log) : IPeriodStore
{
    private readonly PostgresStatistics _statistics = new(reads, PostgresStatistics.Cluster, log);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StatisticsPeriod>> ReadPeriodsAsync(CancellationToken cancellation) =>
        await _statistics.ReadPeriodsAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask WritePeriodAsync(StatisticsPeriod period, CancellationToken cancellation)
    {
        CommitResult result = await lane.RunAsync(batch => _statistics.Append(batch, period), _ => { }, cancellation);
        if (result.Outcome is not CommitOutcome.Committed)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new StoreUnavailableException("The store could not keep the counts of the cluster.", result.Cause);
        }
    }
}
