using Microsoft.Extensions.Logging;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Control;
using SimplexActors.Nodes.Edges.Health;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Smp;
using SimplexActors.Nodes.Edges.Smp.Proxy;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Nodes.Edges.Tls;
using SimplexActors.Nodes.Edges.Web;
using SimplexActors.Nodes.Names;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.Hosting;

/// <summary>The one place that knows all parts of the router: builds store, entities and edges from the configuration.</summary>
internal static class RouterComposition
{
    /// <summary>Opens the store and builds what runs on it. Nothing listens yet.</summary>
    /// <param name="config">What to build.</param>
    /// <param name="credentials">The router's identity.</param>
    /// <param name="logging">Makes loggers.</param>
    /// <param name="time">The router's time.</param>
    /// <param name="stop">Begins to stop the router, when its operator asks for it over the control port.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="StartException">A part cannot be used, for a reason that the operator can remove.</exception>
    public static async Task<RouterHost> ComposeAsync(
        RouterConfig config, RouterCredentials credentials, ILoggerFactory logging, TimeProvider time, Action stop, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(config);
        cancellation.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(credentials);
        var parts = new List<IAsyncDisposable>();
        ClusterFoundation? cluster = null;
        try
        {
            IQueueStore store = await OpenStoreAsync(config, logging, time);
            parts.Add(store);
            StatisticsKeeper keeper = await StartStatisticsAsync(store, config.Cluster.IsOn, logging, time);
            parts.Add(keeper);
            cluster = config.Cluster.IsOn ? ClusterFoundation.Open(config, credentials, logging, time) : null;
            var services = new ServiceFoundation(store.Services, cluster, logging, time);
            parts.Add(services);
            var jobs = new NodeJobs(cluster);
            var foundation = new QueueFoundation(config.Queues, store, services.Directory, keeper.Statistics, cluster, jobs, logging, time);
            parts.Add(foundation);
            NameResolver? names = MakeNames(config.Names, parts, logging, time);
            parts.Add(With(jobs, store, names, logging, time));
            StorageWatch storage = Watch(store, config.Store, logging, time);
            parts.Add(storage);
            var refusals = new RefusalClock(time);
            parts.Add(refusals);
            var password = new RequiredPassword(config.Queues.CreatePassword);
            ProxyRole? proxy = MakeProxy(config.Proxy, password, keeper.Statistics, parts, logging, time);
            var router = new SmpRouter(
                foundation.Region,
                store,
                new SmpServices(services.Region, store.Services, services.Directory, time),
                new RouterIdentity(credentials),
                new QueueRules(config.Queues.NewQueues, password),
                new SmpTimeouts(
                    config.Limits.SmpHandshakeTimeout,
                    config.Limits.BlockTimeout,
                    config.InactiveClients.Disconnect ? config.InactiveClients.Ttl : null),
                keeper.Statistics,
                time,
                logging.CreateLogger("Smp"))
            {
                Names = names,
                Rates = new ConnectionLimits(config.Rates.Connection, time),
                Storage = storage,
                Refusals = refusals,
                Proxy = proxy,
                Renewals = cluster?.Renewals,
                Connections = cluster?.Connections,
                ForkedCommandsPerConnection = config.Proxy.Options.ClientConcurrency,
            };
            List<IEdge> edges = MakeEdges(config, credentials, router, foundation, cluster, keeper, stop, logging);
            return new RouterHost(parts, edges, logging.CreateLogger("Host"), cluster);
        }
        catch
        {
            if (cluster is not null)
            {
                await cluster.DisposeAsync();
            }

            parts.Reverse();
            foreach (IAsyncDisposable part in parts)
            {
                await part.DisposeAsync();
            }

            throw;
        }
    }

    private static List<IEdge> MakeEdges(
        RouterConfig config,
        RouterCredentials credentials,
        SmpRouter router,
        QueueFoundation foundation,
        ClusterFoundation? cluster,
        StatisticsKeeper keeper,
        Action stop,
        ILoggerFactory logging)
    {
        var web = new WebApplication(ports => new WebSite(RouterFacts.Of(config, credentials.FingerprintText, ports[0])));
        var edge = new SmpEdge(config, MakeTls(credentials, config.Web), router, web, logging)
        {
            ReleaseOver = () => cluster is { HasOthers: true } ? config.Cluster.DrainTime : TimeSpan.Zero,
        };
        cluster?.Routing.OnStale(shards => _ = edge.RenewAsync(shards));
        var probe = StoreProbe.Of(router.Store, router.Time);
        INodeHealth health = cluster is null
            ? new SingleHealth(probe)
            : new ClusterHealth(() => cluster.Ownership.Status, config.Cluster.Ownership, probe);
        return [edge, .. Control(config.Control, router, foundation.Here, edge, keeper, stop, logging), .. Health(config.Health, health, logging)];
    }

    private static IEnumerable<IEdge> Control(
        ControlConfig config,
        SmpRouter router,
        ShardRegion<QueueState, StoredQueue, QueueCommand, QueueChange, QueueEffect> region,
        SmpEdge edge,
        StatisticsKeeper keeper,
        Action stop,
        ILoggerFactory logging)
    {
        if (config.Port == 0)
        {
            return [];
        }

        var queues = new QueueOperator(router, new BlockQuota(config.DailyBlockQueueQuota, router.Time, keeper.Statistics.Snapshot));
        var commands = new ControlCommands(queues, new RouterReport(router, region, edge), keeper, router.Store, stop);
        var passwords = new ControlPasswords(config.AdminPassword, config.UserPassword);
        return [new ControlEdge(config.Port, commands, passwords, queues, router.Time, logging.CreateLogger("Control"))];
    }

    private static IEnumerable<IEdge> Health(HealthConfig config, INodeHealth health, ILoggerFactory logging) =>
        config.Port == 0 ? [] : [new HealthEdge(config, health, logging)];

    private static async Task<IQueueStore> OpenStoreAsync(RouterConfig config, ILoggerFactory logging, TimeProvider time)
    {
        try
        {
            if (config.Store.Postgres is { } postgres)
            {
                var shared = new PostgresStoreOptions { ConnectionString = postgres, Node = config.Cluster.Node!, ReadConnections = config.Store.PostgresConnections };
                return await PostgresQueueStore.OpenAsync(shared, logging.CreateLogger<PostgresQueueStore>(), time);
            }

            var options = new SqliteStoreOptions { Path = Path.Combine(config.Store.Folder, "queues.db") };
            return await SqliteQueueStore.OpenAsync(options, logging.CreateLogger<SqliteQueueStore>(), time);
        }
        catch (StoreOpenException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private static async Task<StatisticsKeeper> StartStatisticsAsync(IQueueStore store, bool isShared, ILoggerFactory logging, TimeProvider time)
    {
        try
        {
            return await StatisticsKeeper.StartAsync(store, isShared, time, logging.CreateLogger("Statistics"));
        }
        catch (StoreUnavailableException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    /// <summary>Adds the jobs that belong to no other part.</summary>
    private static NodeJobs With(NodeJobs jobs, IQueueStore store, NameResolver? names, ILoggerFactory logging, TimeProvider time)
    {
        ILogger logger = logging.CreateLogger("Jobs");
        if (store is PostgresQueueStore { ClusterPeriods: var periods })
        {
            jobs.Run("statistics", () => Started(new ScheduledSingleton<StatisticsPeriod>(
                "statistics", new DailyCount(store, periods, time).RunAsync, new JobSchedule(TimeSpan.Zero, TimeSpan.Zero), time, logger)));
        }

        if (names is not null)
        {
            jobs.Run("resolver health", () => Started(new ScheduledSingleton<object>(
                "resolver health",
                (_, cancellation) => names.CheckHealthAsync(cancellation),
                new JobSchedule(Limits.ResolverHealthInterval, Limits.ResolverHealthInterval),
                time,
                logger)));
        }

        return jobs;

        static ScheduledSingleton<T> Started<T>(ScheduledSingleton<T> job)
            where T : class
        {
            job.Start();
            return job;
        }
    }

    private static StorageWatch Watch(IQueueStore store, StoreConfig config, ILoggerFactory logging, TimeProvider time) => new(
        new StorageLimits(config.MaxSizeBytes, config.MinFreeDiskBytes),
        store.MeasureAsync,
        // The disk of a shared database is its operator's.
        () => config.Postgres is null ? new DriveInfo(config.Folder).AvailableFreeSpace : long.MaxValue,
        time,
        logging.CreateLogger("Storage"));

    private static NameResolver? MakeNames(NamesConfig config, List<IAsyncDisposable> parts, ILoggerFactory logging, TimeProvider time)
    {
        if (config.ToOptions() is not { } options)
        {
            return null;
        }

        var names = new NameResolver(options, time, logging.CreateLogger("Names"));
        parts.Add(names);
        return names;
    }

    private static ProxyRole? MakeProxy(
        ProxyConfig config, RequiredPassword password, RouterStatistics statistics, List<IAsyncDisposable> parts, ILoggerFactory logging, TimeProvider time)
    {
        if (!config.Enabled)
        {
            return null;
        }

        var relays = new RelayDirectory(config.Options, new OwnRelays(config.OwnServerDomains), time, logging.CreateLogger("Proxy"));
        parts.Add(relays);
        return new ProxyRole(relays, password, statistics);
    }

    private static PortContexts MakeTls(RouterCredentials credentials, WebConfig web)
    {
        try
        {
            TlsCredential? forBrowsers = web is { Certificate: { } certificate, Key: { } key } ? RouterCredentials.LoadWeb(certificate, key) : null;
            return new PortContexts(credentials.Credential, forBrowsers, web.Port);
        }
        catch (CredentialException e)
        {
            throw new StartException(e.Message, e);
        }
    }
}
