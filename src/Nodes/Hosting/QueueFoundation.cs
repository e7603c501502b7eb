using Microsoft.Extensions.Logging;
using SimplexActors.Actors;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Queues.Remote;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.Hosting;

/// <summary>The queues of a node on their store: writer and region, stopped in the order that loses nothing after their jobs.</summary>
internal sealed class QueueFoundation : IAsyncDisposable
{
    private readonly GroupCommitWriter<StoredQueue, QueueChange> _writer;
    private readonly IQueueStore _store;
    private readonly QueuesConfig _config;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Ready at once when the router is alone; in a cluster when the node has joined.</summary>
    public QueueFoundation(
        QueuesConfig config,
        IQueueStore store,
        IServiceDirectory services,
        RouterStatistics statistics,
        ClusterFoundation? cluster,
        NodeJobs jobs,
        ILoggerFactory logging,
        TimeProvider time)
    {
        (_config, _store, _time, _logger) = (config, store, time, logging.CreateLogger("Queues"));
        _writer = new GroupCommitWriter<StoredQueue, QueueChange>(store, _logger, time, BytesOf);
        var kind = new QueueKind(new QueueOptions { QuotaMessages = config.MessageQuota, ExpireOnSendAfter = config.ExpireOnSend ? config.MessageTtl : null });
        var effects = new QueueEffects(services, statistics);
        ClusterRegion<QueueCommand>? everywhere = null;
        Here = new(
            kind, store, _writer, effects, RegionOptions.Of(cluster), time, _logger, cluster is null ? null : (queue, command) => everywhere!.Return(queue, command));
        if (cluster is not null)
        {
            var translator = new QueueTranslator(kind, cluster.Ownership, cluster.Connections, effects, (queue, command) => TellLater(everywhere!, queue, command));
            everywhere = new ClusterRegion<QueueCommand>(RegionOptions.Queues, Here, translator, cluster.Routing);
            cluster.Hosts.Add(everywhere);
        }

        Region = everywhere ?? (IEntityRegion<QueueCommand>)Here;
        jobs.Run("expiry", () => Expiry(statistics));
        if (new QueueCollectionOptions { UnusedAfter = config.CollectUnusedAfter, SuspendedAfter = config.CollectSuspendedAfter } is { IsOn: true } collected)
        {
            jobs.Run("collection", () => Collection(collected));
        }
    }

    /// <summary>All queues, wherever they run.</summary>
    public IEntityRegion<QueueCommand> Region { get; }

    /// <summary>Those that run on this node.</summary>
    public ShardRegion<QueueState, StoredQueue, QueueCommand, QueueChange, QueueEffect> Here { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Here.StopAsync();
        await _writer.DisposeAsync();
        Here.Dispose();
    }

    // A command without an answer, which waits in its shard's line when it has to.
    private static void TellLater(ClusterRegion<QueueCommand> region, Protocol.Encoding.EntityId queue, QueueCommand command) =>
        _ = region.TellAsync(queue, command, CancellationToken.None).AsTask();

    private ScheduledSingleton<QueueExpiryProgress> Expiry(RouterStatistics statistics)
    {
        var expiry = new QueueExpiry(
            _store,
            (queue, command) => Region.TellAsync(queue, command, CancellationToken.None),
            _time,
            new QueueExpiryOptions { MessagesAfter = _config.MessageTtl, NotificationsAfter = _config.NotificationTtl },
            statistics);
        var job = new ScheduledSingleton<QueueExpiryProgress>("expiry", expiry.RunAsync, new JobSchedule(TimeSpan.Zero, _config.ExpiryInterval), _time, _logger);
        job.Start();
        return job;
    }

    private ScheduledSingleton<QueueCollectionProgress> Collection(QueueCollectionOptions options)
    {
        var collection = new QueueCollection(
            _store, (queue, command) => Region.TellAsync(queue, command, CancellationToken.None), _time, options, _logger);
        TimeSpan first = _config.CollectInterval < Limits.CollectionFirst ? _config.CollectInterval : Limits.CollectionFirst;
        var job = new ScheduledSingleton<QueueCollectionProgress>("collection", collection.RunAsync, new JobSchedule(first, _config.CollectInterval), _time, _logger);
        job.Start();
        return job;
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
