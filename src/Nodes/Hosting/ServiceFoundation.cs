using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;

namespace SimplexActors.Nodes.Hosting;

/// <summary>The client services of a node on their store. Stopped after the queues, whose effects look for holders.</summary>
internal sealed class ServiceFoundation : IAsyncDisposable
{
    private readonly GroupCommitWriter<ServiceRecord, ServiceChange> _writer;

    /// <summary>Ready at once.</summary>
    public ServiceFoundation(IServiceStore store, ILoggerFactory logging, TimeProvider time)
    {
        ILogger logger = logging.CreateLogger("Services");
        _writer = new GroupCommitWriter<ServiceRecord, ServiceChange>(store, logger, time);
        Region = new(new ServiceKind(), store, _writer, new ServiceEffects(Directory), new ShardRegionOptions(), time, logger);
    }

    /// <summary>Who holds which service.</summary>
    public ServiceDirectory Directory { get; } = new();

    /// <summary>The services.</summary>
    public ShardRegion<ServiceState, ServiceRecord, ServiceCommand, ServiceChange, ServiceEffect> Region { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Region.StopAsync();
        await _writer.DisposeAsync();
        Region.Dispose();
    }
}
