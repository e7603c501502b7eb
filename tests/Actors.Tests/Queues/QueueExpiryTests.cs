using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class QueueExpiryTests
{
    private readonly DateTimeOffset _now = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    [Fact]
    [Spec("S-284", "S-297")]
    public async Task Every_queue_with_old_messages_is_told_once()
    {
        EntityId[] queues = [.. Enumerable.Range(0, 5).Select(_ => EntityId.Random())];
        var store = new PagedStore([queues[..2], queues[2..4], queues[4..]]);
        var told = new List<(EntityId Queue, long OlderThan)>();
        var progress = new Progress();
        var expiry = new QueueExpiry(
            store,
            (queue, command) =>
            {
                told.Add((queue, Assert.IsType<QueueCommand.Expire>(command).OlderThan));
                return ValueTask.CompletedTask;
            },
            new StoppedClock(_now),
            new QueueExpiryOptions { MessagesAfter = TimeSpan.FromSeconds(100), NotificationsAfter = TimeSpan.FromSeconds(10) });

        QueueExpiryProgress done = await expiry.RunAsync(progress, TestContext.Current.CancellationToken);

        long now = _now.ToUnixTimeSeconds();
        Assert.Equal(queues.Select(q => (q, now - 100)), told);
        Assert.Equal(now - 10, store.NotificationsOlderThan);
        Assert.Equal(new QueueExpiryProgress(5, 3), done);
        Assert.Equal([0, 2, 4, 5], progress.Reports.Select(r => r.Queues));
        Assert.Equal(Limits.ExpiryPageQueues, store.Limit);
    }

    [Fact]
    [Spec("S-284")]
    public async Task A_cancelled_run_stops_between_queues()
    {
        using var stop = new CancellationTokenSource();
        int told = 0;
        var expiry = new QueueExpiry(
            new PagedStore([[EntityId.Random(), EntityId.Random()]]),
            (_, _) =>
            {
                told++;
                return new ValueTask(stop.CancelAsync());
            },
            new StoppedClock(_now),
            new QueueExpiryOptions());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => expiry.RunAsync(null, stop.Token));
        Assert.Equal(1, told);
    }

    [Fact]
    [Spec("S-284")]
    public async Task The_rate_is_limited_by_a_pause_after_every_page()
    {
        var clock = new StoppedClock(_now);
        var expiry = new QueueExpiry(
            new PagedStore([[EntityId.Random(), EntityId.Random()], [EntityId.Random()]]),
            (_, _) => ValueTask.CompletedTask,
            clock,
            new QueueExpiryOptions { QueuesPerSecond = 4 });
        await expiry.RunAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal([TimeSpan.FromSeconds(0.5)], clock.Pauses);
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

    /// <summary>A store that only knows which queues hold old messages.</summary>
    private sealed class PagedStore(EntityId[][] pages) : IQueueStore
    {
        public long NotificationsOlderThan { get; private set; }

        public int Limit { get; private set; }

        public ValueTask<(IReadOnlyList<EntityId> Queues, long? Cursor)> FindExpiredAsync(long olderThan, long cursor, int limit, CancellationToken cancellation)
        {
            Limit = limit;
            return new((pages[cursor], cursor + 1 < pages.Length ? cursor + 1 : null));
        }

        public ValueTask<int> ExpireNotificationsAsync(long olderThan, CancellationToken cancellation)
        {
            NotificationsOlderThan = olderThan;
            return new(3);
        }

        public ValueTask<EntityId?> ResolveAsync(QueueAlias kind, EntityId alias, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<MessageBody> ReadBodyAsync(EntityId recipientId, MessageHeader header, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<LinkData?> ReadLinkAsync(EntityId linkId, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(EntityId notifierId, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<(long Queues, long Messages)> CountAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<StoredQueue?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<QueueChange>> sets, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
