using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Tests.Engine;
using SimplexActors.Actors.Tests.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Statistics;

/// <summary>Statistics in a real store under a clock that the test moves.</summary>
public sealed class StatisticsKeeperTests : IAsyncLifetime
{
    private readonly Storage.TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly LineLogger _log = new();
    private FaultyQueueStore? _store;

    private FaultyQueueStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _folder.RemoveAsync();
    }

    [Fact]
    [Spec("S-376", "S-427")]
    public async Task What_was_counted_survives_a_restart()
    {
        EntityId queue = EntityId.Random();
        await using (StatisticsKeeper keeper = await StartAsync())
        {
            keeper.Statistics.Add(Counter.QCreated, 3);
            keeper.Statistics.AddAckTime(4);
            keeper.Statistics.AddAckTime(4000);
            keeper.Statistics.ActiveQueues.Use(queue, notification: true);
        }

        await ReopenAsync();
        await using StatisticsKeeper again = await StartAsync();
        again.Statistics.Add(Counter.QCreated);
        again.Statistics.ActiveQueues.Use(queue, notification: false);
        StatisticsSnapshot counted = again.Statistics.Snapshot;
        Assert.Equal((4, 4), (counted.Total(Counter.QCreated), counted.InPeriod(Counter.QCreated)));
        Assert.Equal((4004, 1, 1), (counted.AcknowledgedSeconds, counted.Acknowledged[4], counted.Acknowledged[^1]));
        Assert.Equal((1, 1), (counted.ActiveQueues.Day.Count, counted.ActiveQueues.NtfMonth.Count));
        Assert.Equal(Seconds(_clock.GetUtcNow()), counted.Since);
    }

    [Fact]
    [Spec("S-376")]
    public async Task Statistics_are_stored_every_minute()
    {
        await using StatisticsKeeper keeper = await StartAsync();
        keeper.Statistics.Add(Counter.MsgSent);
        await TickAsync(TimeSpan.FromMinutes(1));
        Assert.Contains(new StoredValue("msgSent", 1, 0), (await Store.ReadStatisticsAsync(Cancellation))!.Values);
    }

    [Fact]
    [Spec("S-249")]
    public async Task At_midnight_the_day_ends_and_its_numbers_are_kept()
    {
        _clock.Advance(TimeSpan.FromHours(20));
        QueueRecord queue = Samples.Queue();
        await Store.CommitAsync([Samples.Create(queue)], Cancellation);
        await using StatisticsKeeper keeper = await StartAsync();
        keeper.Statistics.Add(Counter.MsgSent, 5);
        keeper.Statistics.ActiveQueues.Use(queue.RecipientId, notification: false);
        DateTimeOffset midnight = new(_clock.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        while (_clock.GetUtcNow() < midnight)
        {
            // Not beyond midnight: the job may read the clock only after it was moved.
            TimeSpan left = midnight - _clock.GetUtcNow();
            await TickAsync(left < TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1));
        }

        keeper.Statistics.Add(Counter.MsgSent, 2);
        StatisticsSnapshot now = keeper.Statistics.Snapshot;
        Assert.Equal((midnight, 7, 2), (now.PeriodBegan, now.Total(Counter.MsgSent), now.InPeriod(Counter.MsgSent)));
        Assert.Equal((0, 1), (now.ActiveQueues.Day.Count, now.ActiveQueues.Week.Count));
        StatisticsPeriod day = Assert.Single(await Store.ReadPeriodsAsync(Cancellation));
        Assert.Equal((now.Since, midnight), (day.Began, day.Ended));
        Assert.Equal((5, 1, 1, 0), (day["msgSent"], day["qCount"], day["activeQueues.day"], day["msgCount"]));
        Assert.DoesNotContain("activeQueues.week", day.Values.Keys);
    }

    [Fact]
    [Spec("S-275")]
    public async Task A_router_that_was_down_at_midnight_ends_the_day_when_it_starts()
    {
        await using (StatisticsKeeper keeper = await StartAsync())
        {
            keeper.Statistics.Add(Counter.QSub);
            keeper.Statistics.ActiveQueues.Use(EntityId.Random(), notification: true);
        }

        await ReopenAsync();

        // From a Friday to the next month: day, week and month are over.
        _clock.Advance(TimeSpan.FromDays(31));
        await using StatisticsKeeper again = await StartAsync();
        Assert.Equal((1, 0), (again.Statistics.Snapshot.Total(Counter.QSub), again.Statistics.Snapshot.InPeriod(Counter.QSub)));
        Assert.Equal(0, again.Statistics.Snapshot.ActiveQueues.NtfMonth.Count);
        StatisticsPeriod ended = Assert.Single(await Store.ReadPeriodsAsync(Cancellation));
        Assert.Equal(
            (1, 1, 1, 1), (ended["qSub"], ended["activeQueues.week"], ended["activeQueues.month"], ended["activeQueuesNtf.month"]));
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_loses_nothing_that_is_still_in_memory()
    {
        await using StatisticsKeeper keeper = await StartAsync();
        Store.InjectAlways(StoreMethod.WriteStatistics, StoreFault.Full);
        keeper.Statistics.Add(Counter.QSub);
        keeper.Statistics.ActiveQueues.Use(EntityId.Random(), notification: false);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keeper.SaveAsync(Cancellation));
        Store.Heal();
        await keeper.SaveAsync(Cancellation);
        StoredStatistics stored = (await Store.ReadStatisticsAsync(Cancellation))!;
        Assert.Contains(new StoredValue("qSub", 1, 0), stored.Values);
        Assert.Single(stored.ActiveQueues);
    }

    [Fact]
    [Spec("S-376")]
    public async Task Whoever_saves_at_the_same_time_ends_the_day_once_and_stores_the_newest_numbers()
    {
        await using StatisticsKeeper keeper = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
        {
            keeper.Statistics.Add(Counter.QSub);
            return keeper.SaveAsync(Cancellation);
        }));
        Assert.Contains(new StoredValue("qSub", 20, 0), (await Store.ReadStatisticsAsync(Cancellation))!.Values);
        _clock.Advance(TimeSpan.FromDays(1));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => keeper.SaveAsync(Cancellation)));
        Assert.Equal(20, Assert.Single(await Store.ReadPeriodsAsync(Cancellation))["qSub"]);
    }

    [Fact]
    public async Task A_node_that_shares_its_store_does_not_count_what_is_in_it()
    {
        await using StatisticsKeeper keeper = await StartAsync(sharesStore: true);
        Store.InjectAlways(StoreMethod.Count, StoreFault.Full);
        keeper.Statistics.Add(Counter.QSub);
        _clock.Advance(TimeSpan.FromDays(1));
        await keeper.SaveAsync(Cancellation);
        StatisticsPeriod day = Assert.Single(await Store.ReadPeriodsAsync(Cancellation));
        Assert.Equal(1, day["qSub"]);
        Assert.DoesNotContain("qCount", day.Values.Keys);
    }

    [Fact]
    public async Task A_store_that_is_full_at_the_end_does_not_keep_the_router_from_stopping()
    {
        StatisticsKeeper keeper = await StartAsync();
        Store.InjectAlways(StoreMethod.WriteStatistics, StoreFault.Full);
        await keeper.DisposeAsync();
        Assert.Equal(1100, Assert.Single(_log.Lines).Id);
    }

    [Fact]
    [Spec("S-484")]
    public async Task Notifications_that_newer_ones_replaced_count_as_lost()
    {
        await using StatisticsKeeper keeper = await StartAsync();
        QueueRecord queue = Samples.Queue() with { Notifier = Samples.Notifier() };
        await Store.CommitAsync([Samples.Create(queue)], Cancellation);
        for (int i = 0; i < 3; i++)
        {
            await Store.CommitAsync(
                [Samples.Set(queue.RecipientId, new QueueChange.AddNotification(queue.Notifier!.NotifierId, Samples.Notification(), Keep: 1))], Cancellation);
        }

        await keeper.SaveAsync(Cancellation);
        await keeper.SaveAsync(Cancellation);
        Assert.Equal(2, keeper.Statistics.Snapshot.Total(Counter.MsgNtfLost));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private async Task<FaultyQueueStore> OpenAsync() => new(await _folder.OpenStoreAsync(), _clock);

    private async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        _store = await OpenAsync();
    }

    private async Task<StatisticsKeeper> StartAsync(bool sharesStore = false)
    {
        StatisticsKeeper keeper = await StatisticsKeeper.StartAsync(Store, sharesStore, _clock, _log);
        await _clock.TimersArmedAsync(1);
        return keeper;
    }

    /// <summary>Moves the clock and waits until the job waits again.</summary>
    private async Task TickAsync(TimeSpan by)
    {
        _clock.Advance(by);
        await _clock.TimersArmedAsync(1);
    }
}
