using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Tests.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Statistics;

/// <summary>What is stored for a whole cluster is counted once a day, by whichever node's turn it is.</summary>
public sealed class DailyCountTests(PostgresServer server) : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private readonly PostgresTestStore _postgres = new(server);
    private PostgresQueueStore? _first;
    private PostgresQueueStore? _second;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PostgresQueueStore First => _first!;

    private PostgresQueueStore Second => _second!;

    public async ValueTask InitializeAsync()
    {
        string database = (await _postgres.DatabaseAsync()).ConnectionString;
        _first = await PostgresTestStore.OpenAsync(database, "a");
        _second = await PostgresTestStore.OpenAsync(database, "b");
    }

    public async ValueTask DisposeAsync()
    {
        await (_first?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_second?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _postgres.RemoveAsync();
    }

    [Fact]
    public async Task A_day_is_counted_when_it_is_over_and_by_the_next_node_when_it_was_not()
    {
        QueueRecord queue = Samples.Queue();
        await First.CommitAsync([Samples.Create(queue)], Cancellation);
        Task counting = Run(First, Cancellation);
        await _clock.TimersArmedAsync(1);
        Assert.Empty(await First.ClusterPeriods.ReadPeriodsAsync(Cancellation));

        DateTimeOffset midnight = new(_clock.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        _clock.Advance(midnight - _clock.GetUtcNow());
        await counting;
        StatisticsPeriod day = Assert.Single(await Second.ClusterPeriods.ReadPeriodsAsync(Cancellation));
        Assert.Equal((midnight.AddDays(-1), midnight, 1, 0), (day.Began, day.Ended, day["qCount"], day["msgCount"]));

        // The first node is gone at the next midnight; the other finds at once that a day was not counted.
        _clock.Advance(TimeSpan.FromHours(30));
        await Run(Second, Cancellation);
        Assert.Equal([midnight.AddDays(-1), midnight], (await First.ClusterPeriods.ReadPeriodsAsync(Cancellation)).Select(period => period.Began));
        Assert.Empty(await First.ReadPeriodsAsync(Cancellation));
    }

    [Fact]
    public async Task A_job_that_moves_in_the_middle_of_a_day_counts_nothing_twice()
    {
        using var moved = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task counting = Run(First, moved.Token);
        await _clock.TimersArmedAsync(1);
        await moved.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => counting);

        counting = Run(Second, Cancellation);
        await _clock.TimersArmedAsync(1);
        _clock.Advance(TimeSpan.FromDays(1));
        await counting;
        Assert.Single(await Second.ClusterPeriods.ReadPeriodsAsync(Cancellation));
    }

    private Task Run(PostgresQueueStore store, CancellationToken cancellation) =>
        new DailyCount(store, store.ClusterPeriods, _clock).RunAsync(new Progress<StatisticsPeriod>(), cancellation);
}
