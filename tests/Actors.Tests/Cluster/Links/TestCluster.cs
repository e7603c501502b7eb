using System.Collections.Concurrent;
using System.Net;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Testing;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>Certificates, addresses and nodes of one cluster on this machine.</summary>
internal sealed class TestCluster : INodeAddresses, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TestNode> _nodes = [];
    private readonly ConcurrentDictionary<NodeNumber, (string, int)> _addresses = new();

    public TestCluster() => ClusterCertificates.CreateAuthority(Folder, TimeProvider.System);

    /// <summary>Where the certificates are.</summary>
    public string Folder => _folder.Path;

    /// <summary>Starts a node; it is a member at once.</summary>
    public TestNode Start(long number, Func<LinkOptions, LinkOptions>? change = null)
    {
        string name = $"node{number}-{_nodes.Count}";
        ClusterCertificates.CreateNode(Folder, name, TimeProvider.System);
        LinkOptions options = Options(Credentials(name));
        var node = new TestNode(new NodeNumber(number), change?.Invoke(options) ?? options, this);
        _nodes.Add(node);
        Join(number, node.Endpoint);
        return node;
    }

    public LinkCredentials Credentials(string name) =>
        new(Path.Combine(Folder, "ca.crt"), ClusterCertificates.CertificateOf(Folder, name), ClusterCertificates.KeyOf(Folder, name), TimeProvider.System);

    public void Join(long number, IPEndPoint endpoint) => _addresses[new NodeNumber(number)] = (endpoint.Address.ToString(), endpoint.Port);

    public void Leave(long number) => _addresses.TryRemove(new NodeNumber(number), out _);

    public (string Host, int Port)? AddressOf(NodeNumber node) => _addresses.TryGetValue(node, out (string, int) address) ? address : null;

    public async ValueTask DisposeAsync()
    {
        foreach (TestNode node in _nodes)
        {
            await node.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Options with short pauses, so that tests need not wait long for the next attempt.</summary>
    public static LinkOptions Options(LinkCredentials credentials) => new()
    {
        Bind = new IPEndPoint(IPAddress.Loopback, 0),
        Credentials = credentials,
        Cluster = "a cluster"u8.ToArray(),
        ShardCount = 256,
        DialFirst = TimeSpan.FromMilliseconds(5),
        DialLongest = TimeSpan.FromMilliseconds(50),
        MemberCheck = TimeSpan.FromMilliseconds(20),
    };
}
