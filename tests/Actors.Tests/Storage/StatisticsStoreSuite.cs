using System.Collections.Immutable;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Suite: statistics.</summary>
public abstract class StatisticsStoreSuite : QueueStoreSuite
{
    private static readonly DateTimeOffset Since = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    [Spec("S-376")]
    public async Task Values_are_replaced_by_name_and_survive_a_restart()
    {
        Assert.Null(await Store.ReadStatisticsAsync(Cancellation));
        await WriteAsync(Stored(new StoredValue("qCreated", 1, 0), new StoredValue("msgSent", long.MaxValue, 7)));
        await WriteAsync(Stored(new StoredValue("qCreated", 5, 2)) with { PeriodBegan = Since.AddDays(1) });
        await ReopenAsync();
        StoredStatistics read = (await Store.ReadStatisticsAsync(Cancellation))!;
        Assert.Equal(Key, read.HashKey);
        Assert.Equal((Since, Since.AddDays(1)), (read.Since, read.PeriodBegan));
        Assert.Equal(
            [new StoredValue("msgSent", long.MaxValue, 7), new StoredValue("qCreated", 5, 2)],
            read.Values.OrderBy(value => value.Name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Active_queues_are_added_in_order_and_replaced_by_stripe()
    {
        StoredActiveQueues a = Some(0, day: 3), b = Some(1, day: 3), c = Some(0, day: 4), d = Some(1, day: 5);
        await WriteAsync(Stored() with { ActiveQueues = [a, b] });
        await WriteAsync(Stored() with { ActiveQueues = [c] });
        await AssertActiveAsync(a, b, c);
        await WriteAsync(Stored() with { ActiveQueues = [d] }, replaced: [1]);
        await ReopenAsync();
        await AssertActiveAsync(a, c, d);
        await WriteAsync(Stored(), replaced: [0, 1, 15]);
        await AssertActiveAsync();
    }

    [Fact]
    [Spec("S-376")]
    public async Task Ended_periods_are_kept_in_order_and_stored_again_change_nothing()
    {
        StatisticsPeriod[] periods = [.. Enumerable.Range(0, Limits.StatisticsDaysKept + 3).Select(day => new StatisticsPeriod(
            Since.AddDays(day), Since.AddDays(day + 1), ImmutableSortedDictionary.CreateRange<string, long>(StringComparer.Ordinal, [new("qCount", day), new("msgSent", 9)])))];
        Assert.Empty(await Store.ReadPeriodsAsync(Cancellation));
        foreach (StatisticsPeriod period in periods)
        {
            await WriteAsync(Stored(), ended: period);
            await WriteAsync(Stored(), ended: period);
        }

        await ReopenAsync();
        IReadOnlyList<StatisticsPeriod> read = await Store.ReadPeriodsAsync(Cancellation);
        Assert.Equal(periods[3..].Select(period => (period.Began, period.Ended)), read.Select(period => (period.Began, period.Ended)));
        Assert.All(read.Zip(periods[3..]), pair => Assert.Equal(pair.Second.Values, pair.First.Values));
        Assert.Equal((3, 9, 0), (read[0]["qCount"], read[0]["msgSent"], read[0]["msgRecv"]));
    }

    [Fact]
    [Spec("S-484")]
    public async Task What_is_stored_is_counted_and_so_is_what_newer_notifications_replaced()
    {
        QueueRecord plain = Samples.Queue();
        QueueRecord notified = Samples.Queue() with { Notifier = Samples.Notifier() };
        await CommitAsync(Samples.Create(plain), Samples.Create(notified), Samples.Add(plain, Samples.Header(1), [1]));
        for (int i = 0; i < 5; i++)
        {
            await CommitAsync(Samples.Set(
                notified.RecipientId, new QueueChange.AddNotification(notified.Notifier!.NotifierId, Samples.Notification(), Keep: 3)));
        }

        Assert.Equal(new StoreCounts(2, 1, 1, 3), await Store.CountAsync(Cancellation));
        Assert.Equal(2, Store.NotificationsLost);
        await CommitAsync(Samples.Set(notified.RecipientId, new QueueChange.Delete(notified.RecipientId)));
        Assert.Equal(new StoreCounts(1, 1, 0, 0), await Store.CountAsync(Cancellation));
        Assert.Equal(2, Store.NotificationsLost);
    }

    private static ImmutableArray<byte> Key { get; } = [.. Samples.Bytes(16)];

    private static StoredStatistics Stored(params StoredValue[] values) => new(Key, Since, Since, values, []);

    private static StoredActiveQueues Some(int stripe, int day) => new(stripe, day, Samples.Bytes(8 * (stripe + day)));

    private async Task WriteAsync(StoredStatistics statistics, int[]? replaced = null, StatisticsPeriod? ended = null) =>
        await Store.WriteStatisticsAsync(new StatisticsUpdate(statistics, replaced ?? [], ended), Cancellation);

    private async Task AssertActiveAsync(params StoredActiveQueues[] expected)
    {
        StoredStatistics read = (await Store.ReadStatisticsAsync(Cancellation))!;
        Assert.Equal(expected.Select(Plain), read.ActiveQueues.Select(Plain));

        static (int, int, string) Plain(StoredActiveQueues queues) => (queues.Stripe, queues.Day, Convert.ToHexString(queues.Entries.Span));
    }
}
