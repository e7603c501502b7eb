using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Storage;

namespace SimplexActors.Actors.Statistics;

/// <summary>
/// Keeps the statistics in the store: loads them at the start, stores them every
/// <see cref="Limits.StatisticsInterval"/> and when the router stops, and ends the period at midnight (UTC). A router that is
/// killed loses at most what it counted since they were last stored; one that did not run at midnight ends the period
/// when it starts.
/// </summary>
public sealed class StatisticsKeeper : IAsyncDisposable
{
    private readonly IStatisticsStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly bool _sharesStore;
    private readonly ScheduledSingleton<StatisticsPeriod> _job;
    private StatisticsPeriod? _ended;
    private long _notificationsLost;
    private readonly SemaphoreSlim _saving = new(1);
    private bool _isDisposed;

    private StatisticsKeeper(RouterStatistics statistics, IStatisticsStore store, bool sharesStore, TimeProvider time, ILogger logger)
    {
        (Statistics, _store, _sharesStore, _time, _logger) = (statistics, store, sharesStore, time, logger);
        _job = new ScheduledSingleton<StatisticsPeriod>("statistics", RunAsync, new JobSchedule(TimeSpan.Zero, TimeSpan.Zero), time, logger);
    }

    /// <summary>What is counted.</summary>
    public RouterStatistics Statistics { get; }

    /// <summary>Loads what is stored and begins to keep what is counted.</summary>
    /// <param name="store">Where they are kept.</param>
    /// <param name="sharesStore">Other nodes have the same store: one of them counts what is in it (<see cref="DailyCount"/>).</param>
    /// <param name="time">The router's time.</param>
    /// <param name="logger">For what could not be stored.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be used now.</exception>
    public static async Task<StatisticsKeeper> StartAsync(IStatisticsStore store, bool sharesStore, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(store);
        StoredStatistics? stored = await store.ReadStatisticsAsync(CancellationToken.None);
        var statistics = stored is null ? new RouterStatistics(time.GetUtcNow()) : new RouterStatistics(stored);
        var keeper = new StatisticsKeeper(statistics, store, sharesStore, time, logger);
        keeper._job.Start();
        return keeper;
    }

    /// <summary>Stores what was counted, and ends the period when its day is over.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be used now; nothing is lost, call again later.</exception>
    public async Task SaveAsync(CancellationToken cancellation)
    {
        // The job and an operator may want it at the same time.
        await _saving.WaitAsync(cancellation);
        try
        {
            await SaveAloneAsync(cancellation);
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task SaveAloneAsync(CancellationToken cancellation)
    {
        CountLost();
        DateTimeOffset now = _time.GetUtcNow();
        if (_ended is null && Calendar.DayOf(Statistics.Snapshot.PeriodBegan) < Calendar.DayOf(now))
        {
            _ended = Statistics.EndPeriod(now, _sharesStore ? null : await _store.CountAsync(cancellation));
        }

        StatisticsUpdate update = Statistics.TakeUnsaved(_ended);
        try
        {
            await _store.WriteStatisticsAsync(update, cancellation);
        }
        catch
        {
            Statistics.ActiveQueues.SaveWhole();
            throw;
        }

        _ended = null;
    }

    /// <summary>Stores what was counted. Call when nothing counts any more, and before the store is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _job.DisposeAsync();
        try
        {
            await SaveAsync(CancellationToken.None);
        }
        catch (StoreUnavailableException cause)
        {
            // Numbers must not keep a router from stopping.
            StatisticsLog.NotSaved(_logger, cause);
        }

        _saving.Dispose();
    }

    private async Task RunAsync(IProgress<StatisticsPeriod> progress, CancellationToken cancellation)
    {
        await SaveAsync(cancellation);
        TimeSpan untilMidnight = Calendar.UntilMidnight(_time.GetUtcNow());
        await Task.Delay(untilMidnight < Limits.StatisticsInterval ? untilMidnight : Limits.StatisticsInterval, _time, cancellation);
    }

    private void CountLost()
    {
        long lost = _store.NotificationsLost;
        Statistics.Add(Counter.MsgNtfLost, lost - _notificationsLost);
        _notificationsLost = lost;
    }
}
