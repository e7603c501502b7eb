using System.Net;
using SimplexActors.Actors;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Nodes.Configuration;

/// <summary>This router's part in a cluster of nodes that serve one address.</summary>
/// <param name="Node">Name of this node; null when the router is alone.</param>
/// <param name="LinkPort">TCP port on which other nodes reach this one; 0 lets the system choose.</param>
/// <param name="LinkBind">The address to listen on for them; null means all of them, IPv6 and IPv4.</param>
/// <param name="LinkHost">Name or address under which they reach it; null together with <paramref name="Node"/>.</param>
/// <param name="Certificates">Full path of the folder with ca.crt and this node's certificate and key; null together with <paramref name="Node"/>.</param>
/// <param name="Shards">Parts into which the cluster divides all queues; the first node that ever starts decides for all.</param>
/// <param name="Ownership">When this node counts as alive, and the pace at which shards move.</param>
/// <param name="RequestTimeout">Time that another node has for a command.</param>
/// <param name="DrainTime">Time over which clients are released when the node stops.</param>
internal sealed record ClusterConfig(
    string? Node,
    int LinkPort,
    IPAddress? LinkBind,
    string? LinkHost,
    string? Certificates,
    int Shards,
    OwnershipOptions Ownership,
    TimeSpan RequestTimeout,
    TimeSpan DrainTime)
{
    /// <summary>The least number of shards.</summary>
    public const int LeastShards = 16;

    /// <summary>The largest number of shards: every heartbeat of every node reads them all.</summary>
    public const int MostShards = 1024;

    private const int MaxNameLength = 63;

    /// <summary>Whether this router is a node of a cluster.</summary>
    public bool IsOn => Node is not null;

    internal static ClusterConfig Read(ConfigReader reader, StoreConfig store, IReadOnlyList<int> otherPorts)
    {
        string? node = reader.Optional("cluster.node", ParseName);
        int port = reader.Integer("cluster.link_port", 5226, 0, ushort.MaxValue);
        IPAddress? bind = reader.Optional("cluster.link_bind", ValueParsers.Address);
        string? host = reader.Optional("cluster.link_host", ValueParsers.Host)?.Trim('[', ']');
        string certificates = reader.FilePath("cluster.certificates", "cluster");
        int shards = reader.Integer("cluster.shards", Limits.ShardsPerRegion, LeastShards, MostShards);
        OwnershipOptions ownership = ReadOwnership(reader);
        TimeSpan request = reader.Duration("cluster.request_timeout", TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        TimeSpan drain = reader.Duration("cluster.drain_time", TimeSpan.FromSeconds(20), TimeSpan.Zero, TimeSpan.FromHours(1));
        if (node is null != store.Postgres is null && !reader.IsRefused("cluster.node") && !reader.IsRefused("store.postgres"))
        {
            reader.Report(node is null
                ? "store.postgres needs cluster.node: a router on PostgreSQL is a node of a cluster, be it the only one, so that no two serve the same queues"
                : "cluster.node needs store.postgres: the nodes of a cluster share one PostgreSQL database");
        }

        if (node is not null && port != 0 && otherPorts.Contains(port))
        {
            reader.Report($"cluster.link_port = {port}: must not be one of smp.ports or control.port");
        }

        return new ClusterConfig(node, port, bind, node is null ? null : host ?? node, node is null ? null : certificates, shards, ownership, request, drain);
    }

    /// <summary>Reads the name of a node.</summary>
    internal static Parsed<string> ParseName(string text) =>
        text.Length <= MaxNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') && text.Length > 0 && char.IsAsciiLetterOrDigit(text[0])
            && !text.Equals("ca", StringComparison.OrdinalIgnoreCase)
            ? Parsed<string>.Of(text)
            : Parsed<string>.Not($"a name of 1 to {MaxNameLength} letters, digits, - and . that begins with a letter or digit and is not \"ca\"");

    private static OwnershipOptions ReadOwnership(ConfigReader reader)
    {
        var options = new OwnershipOptions
        {
            Heartbeat = reader.Duration("cluster.heartbeat", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10)),
            ServeFor = reader.Duration("cluster.serve_for", TimeSpan.FromSeconds(6), TimeSpan.FromMilliseconds(150), TimeSpan.FromMinutes(2)),
            ClaimAfter = reader.Duration("cluster.claim_after", TimeSpan.FromSeconds(8), TimeSpan.FromMilliseconds(150), TimeSpan.FromMinutes(5)),
            ConcurrentHandOffs = reader.Integer("cluster.hand_offs", 8, 1, 256),
            HandOffsPerSecond = reader.Integer("cluster.hand_offs_per_second", 32, 1, 10_000),
        };
        if (options.ServeFor < options.Heartbeat * OwnershipOptions.LeastHeartbeats)
        {
            reader.Report(
                $"cluster.serve_for = {DurationText.Of(options.ServeFor)}: must be at least {OwnershipOptions.LeastHeartbeats} times cluster.heartbeat "
                + $"({DurationText.Of(options.Heartbeat * OwnershipOptions.LeastHeartbeats)}), or one lost heartbeat ends the service");
        }
        else if (options.ClaimAfter < options.ServeFor * OwnershipOptions.ClaimMargin)
        {
            reader.Report(
                $"cluster.claim_after = {DurationText.Of(options.ClaimAfter)}: must be at least a quarter more than cluster.serve_for "
                + $"({DurationText.Of(options.ServeFor * OwnershipOptions.ClaimMargin)}), so that a node has stopped before others take what it served");
        }
        else if (options.Problem() is { } problem)
        {
            reader.Report($"cluster: {problem}");
        }

        return options;
    }
}
