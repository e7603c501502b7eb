using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Client;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Smp;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Nodes.Edges.Tls;
using SimplexActors.Nodes.Edges.Web;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

using QueueRegion = SimplexActors.Actors.Engine.ShardRegion<
    SimplexActors.Actors.Queues.QueueState,
    SimplexActors.Actors.Queues.StoredQueue,
    SimplexActors.Actors.Queues.QueueCommand,
    SimplexActors.Actors.Queues.QueueChange,
    SimplexActors.Actors.Queues.QueueEffect>;
using ServiceRegion = SimplexActors.Actors.Engine.ShardRegion<
    SimplexActors.Actors.Services.ServiceState,
    SimplexActors.Actors.Services.ServiceRecord,
    SimplexActors.Actors.Services.ServiceCommand,
    SimplexActors.Actors.Services.ServiceChange,
    SimplexActors.Actors.Services.ServiceEffect>;

namespace SimplexActors.Nodes.Tests.Smp.Moving;

/// <summary>A real router in this process, whose shards a test moves under its clients.</summary>
internal sealed class MovingRouter : IAsyncDisposable
{
    public const int Shards = 8;

    private readonly TemporaryFolder _folder;
    private readonly TestCredentials _credentials = new();
    private readonly ServiceDirectory _directory = new();
    private readonly RefusalClock _refusals = new(TimeProvider.System);
    private readonly SubscriptionRenewals _renewals = new(TimeProvider.System, Shards);
    private readonly SqliteQueueStore _store;
    private readonly GroupCommitWriter<StoredQueue, QueueChange> _queueWriter;
    private readonly GroupCommitWriter<ServiceRecord, ServiceChange> _serviceWriter;
    private readonly QueueRegion _queues;
    private readonly ServiceRegion _services;
    private readonly MovingRegion<QueueCommand> _queueRoutes;
    private readonly MovingRegion<ServiceCommand> _serviceRoutes;
    private readonly LosingRegion _losing;
    private readonly RefusingRegion _refusing;
    private readonly StorageWatch _storage;
    private readonly SmpEdge _edge;

    private MovingRouter(TemporaryFolder folder, SqliteQueueStore store)
    {
        (_folder, _store) = (folder, store);
        var options = new ShardRegionOptions { Shards = Shards, StartsClosed = true };
        _queueWriter = new(store, NullLogger.Instance, TimeProvider.System);
        _serviceWriter = new(store.Services, NullLogger.Instance, TimeProvider.System);
        _queues = new(
            new QueueKind(new QueueOptions()), store, _queueWriter, new QueueEffects(_directory, Statistics), options, TimeProvider.System, NullLogger.Instance,
            (id, command) => _queueRoutes!.TakeBack(id, command));
        _services = new(
            new ServiceKind(), store.Services, _serviceWriter, new ServiceEffects(_directory), options, TimeProvider.System, NullLogger.Instance,
            (id, command) => _serviceRoutes!.TakeBack(id, command));
        _queueRoutes = new(
            _queues, (id, command) => _queues.TryTell(id, command), (command, epoch) => command is QueueCommand.Subscribing told ? told with { Epoch = epoch } : command, Shards);
        _serviceRoutes = new(
            _services, (id, command) => _services.TryTell(id, command), (command, epoch) => command is ServiceCommand.Joining told ? told with { Epoch = epoch } : command, Shards);
        RouterConfig config = ConfigLoader.Load(
            null, new Dictionary<string, string> { ["smp.ports.0"] = "0", ["smp.bind.0"] = "127.0.0.1", ["smp.hosts.0"] = "localhost", ["web.port"] = "0" });
        _storage = new StorageWatch(
            new StorageLimits(config.Store.MaxSizeBytes, 0), store.MeasureAsync, () => long.MaxValue, TimeProvider.System, NullLogger.Instance);
        _losing = new LosingRegion(_queueRoutes);
        _refusing = new RefusingRegion(_serviceRoutes);
        var router = new SmpRouter(
            _losing,
            store,
            new SmpServices(_refusing, store.Services, _directory, TimeProvider.System),
            new RouterIdentity(_credentials.Router),
            new QueueRules(true, new RequiredPassword(null)),
            new SmpTimeouts(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), null),
            Statistics,
            TimeProvider.System,
            NullLogger.Instance)
        {
            Rates = new ConnectionLimits(config.Rates.Connection, TimeProvider.System),
            Storage = _storage,
            Refusals = _refusals,
            Renewals = _renewals,
        };
        var web = new WebApplication(ports => new WebSite(RouterFacts.Of(config, _credentials.Router.FingerprintText, ports[0])));
        _edge = new SmpEdge(config, new PortContexts(_credentials.Router.Credential, null, 0), router, web, NullLoggerFactory.Instance);
    }

    public RouterStatistics Statistics { get; } = new(DateTimeOffset.UnixEpoch);

    public static async Task<MovingRouter> StartAsync()
    {
        var folder = new TemporaryFolder();
        var router = new MovingRouter(folder, await SqliteQueueStore.OpenAsync(
            new SqliteStoreOptions { Path = folder.Of("queues.db") }, NullLogger<SqliteQueueStore>.Instance, TimeProvider.System));
        foreach (int shard in Enumerable.Range(0, Shards))
        {
            await router.OpenAsync(shard);
        }

        await router._edge.StartAsync(TestContext.Current.CancellationToken);
        return router;
    }

    public Task<SmpClient> ConnectAsync(ServiceLogin? service = null) => SmpClient.ConnectAsync(
        RouterAddress.Parse($"smp://{_credentials.Router.FingerprintText}@localhost:{_edge.Ports[0]}"),
        new SmpClientOptions { Service = service },
        TestContext.Current.CancellationToken);

    /// <summary>The next acknowledgement is carried out, and its answer lost.</summary>
    public void LoseNextAcknowledgement() => _losing.LoseNext();

    /// <summary>The next connection that wants to leave its service is refused.</summary>
    public void RefuseNextLeave() => _refusing.RefuseNext();

    /// <summary>Completes when a service was told that a connection left it.</summary>
    public Task NextLeaveAsync() => _refusing.NextToldAsync();

    /// <summary>Shards leave the node and come back; their connections renew what they had.</summary>
    public async Task MoveAsync(IReadOnlyList<int> shards, bool dropped)
    {
        await Task.WhenAll(shards.SelectMany(shard => new[]
        {
            dropped ? _queues.DropAsync(shard) : _queues.CloseAsync(shard),
            dropped ? _services.DropAsync(shard) : _services.CloseAsync(shard),
        }));
        foreach (int shard in shards)
        {
            _queueRoutes.Open(shard);
            _serviceRoutes.Open(shard);
        }

        // Both orders happen: an owner hears first of a command, or first of what the connection had.
        Task renewed = _edge.RenewAsync(shards);
        await ReleaseAsync(shards);
        await renewed;
    }

    /// <summary>Shards stand still for a moment.</summary>
    public async Task SuspendAsync(IReadOnlyList<int> shards)
    {
        await Task.WhenAll(shards.SelectMany(shard => new[] { _queues.SuspendAsync(shard), _services.SuspendAsync(shard) }));
        foreach (int shard in shards)
        {
            _queueRoutes.Resume(shard);
            _serviceRoutes.Resume(shard);
        }

        await ReleaseAsync(shards);
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.StopAsync(CancellationToken.None);
        await _edge.DisposeAsync();
        _renewals.Dispose();
        await _queues.StopAsync();
        await _services.StopAsync();
        await _queueWriter.DisposeAsync();
        await _serviceWriter.DisposeAsync();
        _queues.Dispose();
        _services.Dispose();
        await _refusals.DisposeAsync();
        await _storage.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
        _credentials.Dispose();
    }

    private async Task OpenAsync(int shard)
    {
        _queueRoutes.Open(shard);
        _serviceRoutes.Open(shard);
        await ReleaseAsync([shard]);
    }

    private async Task ReleaseAsync(IReadOnlyList<int> shards)
    {
        foreach (int shard in shards)
        {
            await _queueRoutes.ReleaseAsync(shard);
            await _serviceRoutes.ReleaseAsync(shard);
        }
    }
}
