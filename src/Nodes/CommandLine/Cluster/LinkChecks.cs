using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>Checks what nodes need to reach each other.</summary>
internal static class LinkChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The certificate by which other nodes know this one.</summary>
    public static Finding Certificate(ClusterConfig cluster, TimeProvider time)
    {
        const string about = "certificate";
        string folder = cluster.Certificates!;
        string node = cluster.Node!;
        try
        {
            var credentials = new LinkCredentials(
                Path.Combine(folder, ClusterCertificates.AuthorityCertificate),
                ClusterCertificates.CertificateOf(folder, node),
                ClusterCertificates.KeyOf(folder, node),
                time);
            return credentials.Name != node ? Finding.Problem(about, $"{node}.crt is that of node {credentials.Name}: make one with 'simplex-router cluster cert {folder} {node}' where ca.key is")
                : credentials.Until - time.GetUtcNow() < LinkLimits.RenewalIsDue ? Finding.Note(about, $"valid until {credentials.Until:yyyy-MM-dd}: renew it with 'simplex-router cluster cert --renew'")
                : File.Exists(Path.Combine(folder, ClusterCertificates.AuthorityKey)) ? Finding.Note(about, $"valid until {credentials.Until:yyyy-MM-dd}; move {ClusterCertificates.AuthorityKey} to a safe offline place, no node needs it")
                : Finding.Ok(about, $"of this cluster, valid until {credentials.Until:yyyy-MM-dd}");
        }
        catch (CredentialException e)
        {
            return Finding.Problem(about, $"{e.Message}; 'simplex-router cluster cert' makes one where ca.key is");
        }
    }

    /// <summary>The ports that this node is going to listen on.</summary>
    public static IEnumerable<Finding> Ports(RouterConfig config)
    {
        yield return Port("link port", "cluster.link_port", config.Cluster.LinkBind is { } bind ? [bind] : [], config.Cluster.LinkPort);
        foreach (int port in config.Smp.Ports)
        {
            yield return Port("client port", "smp.ports", config.Smp.Bind, port);
        }
    }

    /// <summary>Whether the name that others are told leads anywhere, as seen from here.</summary>
    public static async Task<Finding> OwnHostAsync(ClusterConfig cluster, CancellationToken cancellation)
    {
        const string about = "link host";
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(cluster.LinkHost!, cancellation);
            return addresses.Length > 0 ? Finding.Ok(about, $"{cluster.LinkHost} has an address") : Finding.Note(about, NoAddress(cluster));
        }
        catch (SocketException)
        {
            return Finding.Note(about, NoAddress(cluster));
        }
    }

    /// <summary>Whether the ports of other nodes can be reached from here.</summary>
    public static Task<Finding[]> OthersAsync(IEnumerable<ClusterNode> others, CancellationToken cancellation) => Task.WhenAll(others.Select(node => OtherAsync(node, cancellation)));

    private static Finding Port(string about, string key, IReadOnlyList<IPAddress> bind, int port)
    {
        if (port == 0)
        {
            return Finding.Ok(about, "the system chooses");
        }

        try
        {
            foreach (IPAddress address in bind.Count > 0 ? bind : [IPAddress.IPv6Any])
            {
                ListeningSocket.Bind(new IPEndPoint(address, port), NullLogger.Instance).Dispose();
            }

            return Finding.Ok(about, $"{port} is free");
        }
        catch (AddressInUseException)
        {
            return Finding.Problem(about, $"{port} is in use: end the other program, or change {key}");
        }
        catch (SocketException e)
        {
            return Finding.Problem(about, $"{port} cannot be listened on ({e.Message}): look at {key} and at its bind addresses");
        }
    }

    private static string NoAddress(ClusterConfig cluster) =>
        $"{cluster.LinkHost} has no address here: the other nodes must be able to find one, or set cluster.link_host";

    private static async Task<Finding> OtherAsync(ClusterNode node, CancellationToken cancellation)
    {
        string about = $"node {node.Name}";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(node.LinkHost, node.LinkPort, patience.Token);
            return Finding.Ok(about, $"answers at {ClusterReport.LinkOf(node)}");
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Finding.Problem(about, $"not reached at {ClusterReport.LinkOf(node)} ({(e is SocketException ? e.Message : "no answer")}): look at names, firewalls and that node");
        }
    }
}
