using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Services.Remote;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Hosting;

/// <summary>The client services of a node on their store. Stopped after the queues, whose effects look for holders.</summary>
internal sealed class ServiceFoundation : IAsyncDisposable
{
    private readonly GroupCommitWriter<ServiceRecord, ServiceChange> _writer;
    private readonly ShardRegion<ServiceState, ServiceRecord, ServiceCommand, ServiceChange, ServiceEffect> _here;

    /// <summary>Ready at once when the router is alone; in a cluster when the node has joined.</summary>
    public ServiceFoundation(IServiceStore store, ClusterFoundation? cluster, ILoggerFactory logging, TimeProvider time)
    {
        ILogger logger = logging.CreateLogger("Services");
        var holders = new ServiceDirectory();
        _writer = new GroupCommitWriter<ServiceRecord, ServiceChange>(store, logger, time);
        ClusterRegion<ServiceCommand>? everywhere = null;
        _here = new(
            new ServiceKind(),
            store,
            _writer,
            new ServiceEffects(holders),
            RegionOptions.Of(cluster),
            time,
            logger,
            cluster is null ? null : (service, command) => everywhere!.Return(service, command));
        (Region, Directory) = (_here, holders);
        if (cluster is not null)
        {
            var translator = new ServiceTranslator(cluster.Ownership, cluster.Connections, (service, command) => TellLater(everywhere!, service, command));
            everywhere = new ClusterRegion<ServiceCommand>(RegionOptions.Services, _here, translator, cluster.Routing);
            cluster.Hosts.Add(everywhere);
            cluster.Hosts.Add(new ServiceHolders(holders, cluster.Ownership.ShardCount));
            (Region, Directory) = (everywhere, new ClusterServiceDirectory(holders, cluster.Ownership, everywhere));
        }
    }

    /// <summary>Who holds which service.</summary>
    public IServiceDirectory Directory { get; }

    /// <summary>All services, wherever they run.</summary>
    public IEntityRegion<ServiceCommand> Region { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _here.StopAsync();
        await _writer.DisposeAsync();
        _here.Dispose();
    }

    private static void TellLater(ClusterRegion<ServiceCommand> region, EntityId service, ServiceCommand command) =>
        _ = region.TellAsync(service, command, CancellationToken.None).AsTask();
}
