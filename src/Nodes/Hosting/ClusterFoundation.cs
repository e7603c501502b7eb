using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Actors.Engine;
using SimplexActors.Nodes.CommandLine;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.Hosting;

/// <summary>
/// This node's part in the cluster: ownership of shards, links to the other nodes and the routing between them. Everything
/// that runs where shards are owned adds itself to <see cref="Hosts"/>; then the node joins. Released before the entities
/// and after the edges, so that while clients are served their commands find a way.
/// </summary>
internal sealed class ClusterFoundation : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly TimerWheel _wheel;
    private readonly NodeLinks _links;
    private readonly ILogger _logger;
    private readonly TimeSpan _question;
    private NodeNumber _self;

    private ClusterFoundation(NpgsqlDataSource source, TimerWheel wheel, NodeLinks links, OwnershipOptions options, ILogger logger)
    {
        (_source, _wheel, _links, _question, _logger) = (source, wheel, links, options.QuestionTimeout, logger);
    }

    /// <summary>Who owns what.</summary>
    public required ShardOwnership Ownership { get; init; }

    /// <summary>The way to entities of other nodes.</summary>
    public required NodeRouting Routing { get; init; }

    /// <summary>What runs where shards are owned, filled before <see cref="JoinAsync"/>.</summary>
    public required List<IShardHost> Hosts { get; init; }

    /// <summary>Lets connections tell new owners what they had with the former ones.</summary>
    public required SubscriptionRenewals Renewals { get; init; }

    /// <summary>The connections of this node.</summary>
    public LocalConnections Connections { get; } = new();

    /// <summary>Prepares a node that is no member yet: its port for other nodes is open.</summary>
    /// <exception cref="StartException">A part cannot be used, for a reason that the operator can remove.</exception>
    public static ClusterFoundation Open(RouterConfig config, RouterCredentials credentials, ILoggerFactory logging, TimeProvider time)
    {
        ClusterConfig cluster = config.Cluster;
        ILogger logger = logging.CreateLogger("Cluster");
        byte[] fingerprint = credentials.Identity;
        var addresses = new LateAddresses();
        var links = new NodeLinks(
            new LinkOptions
            {
                Bind = new IPEndPoint(cluster.LinkBind ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any), cluster.LinkPort),
                Credentials = LoadCertificates(cluster, time),
                Cluster = fingerprint,
                ShardCount = cluster.Shards,
                Time = time,
            },
            addresses,
            logging.CreateLogger<NodeLinks>());
        var identity = new NodeIdentity(
            cluster.Node!, cluster.LinkHost!, Bind(links, cluster), ProgramVersion.Number, cluster.Shards, [.. fingerprint]);
        NpgsqlDataSource source = ClusterDataSource.Create(config.Store.Postgres!, cluster.Ownership, cluster.Node!);
        List<IShardHost> hosts = [];
        var ownership = new ShardOwnership(source, identity, hosts, cluster.Ownership, new SuspendAwareTime(), logger);
        addresses.Members = ownership;
        var wheel = new TimerWheel(time, logger);
        return new ClusterFoundation(source, wheel, links, cluster.Ownership, logger)
        {
            Ownership = ownership,
            Routing = new NodeRouting(ownership, wheel, cluster.RequestTimeout, time, logger),
            Hosts = hosts,
            Renewals = new SubscriptionRenewals(time, cluster.Shards),
        };
    }

    /// <summary>Becomes a member; the first shards are open when the task completes.</summary>
    /// <exception cref="StartException">The node cannot be a member, for a reason that the operator can remove.</exception>
    public async Task JoinAsync(CancellationToken cancellation)
    {
        try
        {
            Routing.Use(_links);
            await Ownership.RegisterAsync(cancellation);

            // Before it owns a shard: from then on other nodes send it commands, and clients wait for these.
            _links.Start(() => Ownership.Self, Routing);
            _self = Ownership.Self;
            Ownership.OnChange(OwnersChanged);
            await Ownership.JoinAsync(cancellation);
        }
        catch (Exception e) when (e is ClusterJoinException or StoreUnavailableException)
        {
            throw new StartException(e.Message, e);
        }
    }

    /// <summary>Fails when the node cannot be a member any more.</summary>
    public async Task BrokenAsync()
    {
        try
        {
            await Ownership.Ended;
        }
        catch (ClusterJoinException e)
        {
            throw new StartException(e.Message, e);
        }

        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Whether there is another node for the shards and clients of this one.</summary>
    public bool HasOthers => Ownership.HasOthers;

    /// <summary>Hands all shards to other nodes. This node stays the way to them for its clients.</summary>
    /// <param name="deadline">When it is over, what is left waits for <see cref="LeaveAsync"/>.</param>
    public Task HandOverAsync(CancellationToken deadline) => Ownership.HandOverAsync(deadline);

    /// <summary>Is no node any more: after the last client. Hands over what is left.</summary>
    /// <param name="patience">For that; then others take it over when they find this node gone. One question to the database is always waited for.</param>
    /// <param name="time">Measures it.</param>
    public async Task LeaveAsync(TimeSpan patience, TimeProvider time)
    {
        using var deadline = new CancellationTokenSource(patience > _question ? patience : _question, time);
        await Ownership.LeaveAsync(deadline.Token);
        HostLog.LeftCluster(_logger);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Ownership.DisposeAsync();
        await _links.DisposeAsync();
        Renewals.Dispose();
        _wheel.Dispose();
        await _source.DisposeAsync();
    }

    private void OwnersChanged(IReadOnlyList<int> shards)
    {
        if (Ownership.Self != _self)
        {
            // It was declared dead and joined again: what it asks from now on, it asks as another.
            _self = Ownership.Self;
            _ = _links.RedialAsync();
        }
    }

    private static LinkCredentials LoadCertificates(ClusterConfig cluster, TimeProvider time)
    {
        string folder = cluster.Certificates!;
        try
        {
            return new LinkCredentials(
                Path.Combine(folder, ClusterCertificates.AuthorityCertificate),
                ClusterCertificates.CertificateOf(folder, cluster.Node!),
                ClusterCertificates.KeyOf(folder, cluster.Node!),
                time);
        }
        catch (CredentialException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private static int Bind(NodeLinks links, ClusterConfig cluster)
    {
        try
        {
            return links.Bind().Port;
        }
        catch (SocketException e)
        {
            throw new StartException($"cluster.link_port {cluster.LinkPort}: {e.Message}", e);
        }
    }

    /// <summary>The members' addresses, once there is somebody who knows them.</summary>
    private sealed class LateAddresses : INodeAddresses
    {
        public ShardOwnership? Members { get; set; }

        public (string Host, int Port)? AddressOf(NodeNumber node) => Members?.AddressOf(node);
    }
}
