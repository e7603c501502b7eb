using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Queues;

/// <summary>
/// The job that deletes queues which nobody used for very long (S-504), and services without queues that did not connect for as long
/// (S-498). One run pages through all queues and tells those that look unused, at a limited rate; each of them decides for
/// itself. It must run on one node at a time; a run that is cut short loses nothing, the next begins again.
/// </summary>
/// <param name="store">Where unused queues are searched.</param>
/// <param name="tell">Tells a queue a command; completes when the queue's shard has taken it.</param>
/// <param name="time">The router's clock.</param>
/// <param name="options">What is unused, and how fast to go.</param>
/// <param name="logger">Hears of runs that found something.</param>
public sealed partial class QueueCollection(
    IQueueStore store, Func<EntityId, QueueCommand, ValueTask> tell, TimeProvider time, QueueCollectionOptions options, ILogger logger)
{
    /// <summary>Runs once.</summary>
    /// <param name="progress">Hears of every page.</param>
    /// <param name="cancellation">Stops between two queues.</param>
    /// <exception cref="Engine.StoreUnavailableException">The store cannot be used now; run again later.</exception>
    public async Task RunAsync(IProgress<QueueCollectionProgress> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        int today = QueueRecord.DayOf(time.GetUtcNow());
        var since = new UnusedSince(DayBefore(today, options.UnusedAfter), DayBefore(today, options.SuspendedAfter));
        var done = new QueueCollectionProgress(0, 0);
        EntityId? after = EntityId.Empty;
        while (after is { } from)
        {
            (IReadOnlyList<EntityId> queues, after) = await store.FindUnusedAsync(since, from, Limits.CollectionPageQueues, cancellation);
            foreach (EntityId queue in queues)
            {
                cancellation.ThrowIfCancellationRequested();
                await tell(queue, new QueueCommand.Collect(since, today));
            }

            done = done with { Queues = done.Queues + queues.Count };
            progress.Report(done);
            if (after is not null)
            {
                await Task.Delay(Limits.CollectionPageInterval, time, cancellation);
            }
        }

        if (since.Day > 0)
        {
            done = done with { Services = await store.Services.DeleteUnusedAsync(since.Day, cancellation) };
            progress.Report(done);
        }

        if (done != new QueueCollectionProgress(0, 0))
        {
            LogDone(logger, done.Queues, done.Services);
        }
    }

    private static int DayBefore(int today, TimeSpan? age) => age is { } time ? today - (int)time.TotalDays : 0;

    [LoggerMessage(1100, LogLevel.Information, "Looked for what nobody uses: told {Queues} queues to end unless they are used, deleted {Services} services without queues")]
    private static partial void LogDone(ILogger logger, long queues, int services);
}

/// <summary>What the collection removes; null: nothing of this kind.</summary>
public sealed record QueueCollectionOptions
{
    /// <summary>Time after which a queue is deleted that nobody used, in whole days.</summary>
    public TimeSpan? UnusedAfter { get; init; }

    /// <summary>The same for queues that are off.</summary>
    public TimeSpan? SuspendedAfter { get; init; }

    /// <summary>True when there is anything to do.</summary>
    public bool IsOn => UnusedAfter is not null || SuspendedAfter is not null;
}

/// <summary>What a run of the collection did so far.</summary>
/// <param name="Queues">Queues that looked unused and were told so.</param>
/// <param name="Services">Services that were deleted.</param>
public sealed record QueueCollectionProgress(long Queues, int Services);
