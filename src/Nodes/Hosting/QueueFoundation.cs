using Microsoft.Extensions.Logging;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.Hosting;

/// <summary>The queues of a node on their store: writer, region and expiry, stopped in the order that loses nothing.</summary>
internal sealed class QueueFoundation : IAsyncDisposable
{
    private readonly GroupCommitWriter<StoredQueue, QueueChange> _writer;
    private readonly ScheduledSingleton<QueueExpiryProgress> _expiry;
    private readonly ScheduledSingleton<QueueCollectionProgress>? _collection;

    /// <summary>Ready at once.</summary>
    public QueueFoundation(
        QueuesConfig config, IQueueStore store, IServiceDirectory services, RouterStatistics statistics, ILoggerFactory logging, TimeProvider time)
    {
        ILogger logger = logging.CreateLogger("Queues");
        _writer = new GroupCommitWriter<StoredQueue, QueueChange>(store, logger, time, BytesOf);
        Region = new(
            new QueueKind(new QueueOptions { QuotaMessages = config.MessageQuota, ExpireOnSendAfter = config.ExpireOnSend ? config.MessageTtl : null }),
            store,
            _writer,
            new QueueEffects(services, statistics),
            new ShardRegionOptions(),
            time,
            logger);
        var expiry = new QueueExpiry(
            store,
            (queue, command) => Region.TellAsync(queue, command, CancellationToken.None),
            time,
            new QueueExpiryOptions { MessagesAfter = config.MessageTtl, NotificationsAfter = config.NotificationTtl },
            statistics);
        _expiry = new ScheduledSingleton<QueueExpiryProgress>(
            "expiry",
            expiry.RunAsync,
            new JobSchedule(TimeSpan.Zero, config.ExpiryInterval),
            time,
            logger);
        _expiry.Start();
        _collection = Collection(config, store, logger, time);
        _collection?.Start();
    }

    /// <summary>The queues.</summary>
    public ShardRegion<QueueState, StoredQueue, QueueCommand, QueueChange, QueueEffect> Region { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _expiry.DisposeAsync();
        if (_collection is not null)
        {
            await _collection.DisposeAsync();
        }

        await Region.StopAsync();
        await _writer.DisposeAsync();
        Region.Dispose();
    }

    /// <summary>The job that deletes unused queues; null when the operator did not ask for it.</summary>
    private ScheduledSingleton<QueueCollectionProgress>? Collection(QueuesConfig config, IQueueStore store, ILogger logger, TimeProvider time)
    {
        var options = new QueueCollectionOptions { UnusedAfter = config.CollectUnusedAfter, SuspendedAfter = config.CollectSuspendedAfter };
        if (!options.IsOn)
        {
            return null;
        }

        var collection = new QueueCollection(
            store, (queue, command) => Region.TellAsync(queue, command, CancellationToken.None), time, options, logger);
        TimeSpan first = config.CollectInterval < Limits.CollectionFirst ? config.CollectInterval : Limits.CollectionFirst;
        return new ScheduledSingleton<QueueCollectionProgress>(
            "collection", collection.RunAsync, new JobSchedule(first, config.CollectInterval), time, logger);
    }

    /// <summary>What a change adds to a transaction; all but message bodies and link data is small.</summary>
    private static int BytesOf(QueueChange change) => change switch
    {
        QueueChange.AddMessage message => message.Body.Length,
        QueueChange.Create { Link: { } link } => link.Fixed.Length + link.User.Length,
        QueueChange.Update { Link: { } link } => link.Fixed.Length + link.User.Length,
        _ => 256,
    };
}
