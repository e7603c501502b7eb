using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Queues;

/// <summary>
/// The job that removes old messages and notifications (S-284, S-297). One run pages through the queues that
/// hold something old and tells each of them to remove it, at a limited rate, so that it never competes with
/// senders. It must run on one node at a time; a run that is cut short loses nothing, the next begins again.
/// </summary>
/// <param name="store">Where old messages are searched.</param>
/// <param name="tell">Tells a queue a command; completes when the queue's shard has taken it.</param>
/// <param name="time">The router's clock.</param>
/// <param name="options">What is old, and how fast to go.</param>
/// <param name="statistics">Counts the notifications; the queues count their messages.</param>
public sealed class QueueExpiry(
    IQueueStore store, Func<EntityId, QueueCommand, ValueTask> tell, TimeProvider time, QueueExpiryOptions options, RouterStatistics statistics)
{
    /// <summary>Runs once.</summary>
    /// <param name="progress">Hears of every page.</param>
    /// <param name="cancellation">Stops between two queues.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be used now; run again later.</exception>
    public async Task<QueueExpiryProgress> RunAsync(IProgress<QueueExpiryProgress>? progress, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        long olderThan = (now - options.MessagesAfter).ToUnixTimeSeconds();
        int notifications = await store.ExpireNotificationsAsync((now - options.NotificationsAfter).ToUnixTimeSeconds(), cancellation);
        statistics.Add(Counter.MsgNtfExpired, notifications);
        var done = new QueueExpiryProgress(0, notifications);
        progress?.Report(done);

        ExpiryCursor? cursor = default(ExpiryCursor);
        while (cursor is { } from)
        {
            (IReadOnlyList<EntityId> queues, cursor) = await store.FindExpiredAsync(olderThan, from, Limits.ExpiryPageQueues, cancellation);
            foreach (EntityId queue in queues)
            {
                cancellation.ThrowIfCancellationRequested();
                await tell(queue, new QueueCommand.Expire(olderThan));
            }

            done = done with { Queues = done.Queues + queues.Count };
            progress?.Report(done);
            if (cursor is not null)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)queues.Count / options.QueuesPerSecond), time, cancellation);
            }
        }

        return done;
    }
}

/// <summary>What the expiry job removes, and how fast.</summary>
public sealed record QueueExpiryOptions
{
    /// <summary>Age after which a message is removed (S-284).</summary>
    public TimeSpan MessagesAfter { get; init; } = TimeSpan.FromDays(21);

    /// <summary>Age after which a waiting notification is removed (S-297).</summary>
    public TimeSpan NotificationsAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Queues told per second, on average.</summary>
    public int QueuesPerSecond { get; init; } = Limits.ExpiryQueuesPerSecond;
}

/// <summary>What a run of the expiry job did so far.</summary>
/// <param name="Queues">Queues that were told to remove messages.</param>
/// <param name="Notifications">Notifications that were removed.</param>
public sealed record QueueExpiryProgress(long Queues, int Notifications);
