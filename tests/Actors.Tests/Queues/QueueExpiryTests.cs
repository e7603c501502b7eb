using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Tests.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class QueueExpiryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly StoppedClock _clock = new(Now);
    private readonly RouterStatistics _statistics = new(Now);
    private SqliteQueueStore? _store;

    private SqliteQueueStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await SqliteQueueStore.OpenAsync(
        new SqliteStoreOptions { Path = Path.Combine(_folder.FullName, "queues.db") }, NullLogger<SqliteQueueStore>.Instance, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    [Spec("S-284", "S-297", "S-408")]
    public async Task Queues_with_old_messages_are_told_and_old_notifications_removed()
    {
        EntityId[] old = await FillAsync(3, Now - TimeSpan.FromSeconds(101));
        await FillAsync(2, Now - TimeSpan.FromSeconds(100));
        QueueRecord notified = Samples.Queue() with { Notifier = Samples.Notifier() };
        EntityId notifier = notified.Notifier!.NotifierId;
        await CommitAsync(
            [
                Samples.Create(notified),
                .. ((TimeSpan[])[TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(10)]).Select(age => Samples.Set(
                    notified.RecipientId,
                    new QueueChange.AddNotification(notifier, Samples.Notification((Now - age).ToUnixTimeSeconds()), 10))),
            ]);

        var told = new List<(EntityId Queue, QueueCommand Command)>();
        QueueExpiryProgress done = await Expiry(
            (queue, command) =>
            {
                told.Add((queue, command));
                return ValueTask.CompletedTask;
            },
            new QueueExpiryOptions { MessagesAfter = TimeSpan.FromSeconds(100), NotificationsAfter = TimeSpan.FromSeconds(10) });

        Assert.Equal(new QueueExpiryProgress(3, 1), done);
        Assert.Equal(1, _statistics.Snapshot.Total(Counter.MsgNtfExpired));
        Assert.Equal(old.ToHashSet(), told.Select(t => t.Queue).ToHashSet());
        Assert.All(told, t => Assert.Equal(new QueueCommand.Expire(Now.ToUnixTimeSeconds() - 100), t.Command));
        Assert.Single(await Store.ReadNotificationsAsync(notifier, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Spec("S-284")]
    public async Task Many_queues_are_told_page_by_page_at_a_limited_rate()
    {
        EntityId[] old = await FillAsync(Limits.ExpiryPageQueues + 1, Now - TimeSpan.FromDays(22));
        var told = new HashSet<EntityId>();
        var progress = new Progress();
        await Expiry(
            (queue, _) =>
            {
                told.Add(queue);
                return ValueTask.CompletedTask;
            },
            new QueueExpiryOptions { QueuesPerSecond = 4 },
            progress);
        Assert.Equal(old.ToHashSet(), told);
        Assert.Equal([TimeSpan.FromSeconds(Limits.ExpiryPageQueues / 4)], _clock.Pauses);
        Assert.Equal([0, Limits.ExpiryPageQueues, Limits.ExpiryPageQueues + 1], progress.Reports.Select(r => r.Queues));
    }

    [Fact]
    [Spec("S-284")]
    public async Task A_cancelled_run_stops_between_queues()
    {
        await FillAsync(2, Now - TimeSpan.FromDays(22));
        using var stop = new CancellationTokenSource();
        int told = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expiry(
            (_, _) =>
            {
                told++;
                return new ValueTask(stop.CancelAsync());
            },
            new QueueExpiryOptions(),
            cancellation: stop.Token));
        Assert.Equal(1, told);
    }

    private Task<QueueExpiryProgress> Expiry(
        Func<EntityId, QueueCommand, ValueTask> tell,
        QueueExpiryOptions options,
        IProgress<QueueExpiryProgress>? progress = null,
        CancellationToken? cancellation = null) =>
        new QueueExpiry(Store, tell, _clock, options, _statistics).RunAsync(progress, cancellation ?? TestContext.Current.CancellationToken);

    private async Task<EntityId[]> FillAsync(int queues, DateTimeOffset sent)
    {
        QueueRecord[] records = [.. Enumerable.Range(0, queues).Select(_ => Samples.Queue())];
        await CommitAsync(
            [.. records.SelectMany(r => (WriteSet<QueueChange>[])[Samples.Create(r), Samples.Add(r, Samples.Header(1, sent.ToUnixTimeSeconds()), [1])])]);
        return [.. records.Select(r => r.RecipientId)];
    }

    private async Task CommitAsync(WriteSet<QueueChange>[] sets)
    {
        CommitResult result = await Store.CommitAsync(sets, TestContext.Current.CancellationToken);
        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Empty(result.Conflicts);
    }

    /// <summary>A clock that stands still and whose timers are due at once.</summary>
    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override DateTimeOffset GetUtcNow() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                Pauses.Add(dueTime);
            }

            return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
        }
    }

    private sealed class Progress : IProgress<QueueExpiryProgress>
    {
        public List<QueueExpiryProgress> Reports { get; } = [];

        public void Report(QueueExpiryProgress value) => Reports.Add(value);
    }
}
