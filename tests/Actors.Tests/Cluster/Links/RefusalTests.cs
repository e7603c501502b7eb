using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>Which nodes do not get a session, and what the logs of both say.</summary>
public sealed class RefusalTests : IAsyncDisposable
{
    private readonly TestCluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(1, 2, 1, 1, 1)]
    [InlineData(1, 1, 1, 2, 1)]
    [InlineData(1, 2, 1, 2, 2)]
    [InlineData(2, 3, 1, 2, 2)]
    public async Task Neighbouring_releases_agree_on_the_newest_version_of_both(ushort min, ushort max, ushort otherMin, ushort otherMax, ushort agreed)
    {
        TestNode a = _cluster.Start(1, options => options with { Versions = new LinkVersions(min, max) });
        TestNode b = _cluster.Start(2, options => options with { Versions = new LinkVersions(otherMin, otherMax) });
        (LinkEnd own, LinkEnd served) = await a.LinkAsync(b);
        Assert.Equal((agreed, agreed), (own.Session.Version, served.Session.Version));
    }

    [Fact]
    public Task Releases_too_far_apart_refuse_each_other() =>
        AssertRefusedAsync(
            options => options with { Versions = new LinkVersions(3, 4) },
            "it speaks versions 3-4, and this node speaks 1-1",
            "it speaks versions 1-1, and this node speaks 3-4");

    [Fact]
    public Task Nodes_of_another_cluster_are_refused() =>
        AssertRefusedAsync(options => options with { Cluster = "another"u8.ToArray() }, "it belongs to another cluster", "it belongs to another cluster");

    [Fact]
    public Task Nodes_with_other_shards_are_refused() =>
        AssertRefusedAsync(options => options with { ShardCount = 8 }, "its cluster has 8 shards, and this one has 256", "its cluster has 256 shards, and this one has 8");

    [Fact]
    public async Task A_node_with_a_certificate_of_another_cluster_is_refused_both_ways()
    {
        await using var other = new TestCluster();
        TestNode own = _cluster.Start(1);
        TestNode foreign = other.Start(2);
        _cluster.Join(2, foreign.Endpoint);
        other.Join(1, own.Endpoint);
        Assert.Null(own.Links.To(foreign.Number));
        await own.Log.NextAsync(3033, "not a valid one of this cluster");
        Assert.Null(foreign.Links.To(own.Number));
        await foreign.Log.NextAsync(3033, "not a valid one of this cluster");
        await own.Log.NextAsync(3035, "");
        Assert.Empty(own.Log.Of(3031));
        Assert.Empty(foreign.Log.Of(3031));
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_by_who_sees_it()
    {
        TestNode node = _cluster.Start(2);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var past = new ManualTimeProvider();
        past.Advance(now.AddYears(-3) - past.GetUtcNow());
        string folder = Directory.CreateDirectory(Path.Combine(_cluster.Folder, "old")).FullName;
        ClusterCertificates.CreateAuthority(folder, past);
        ClusterCertificates.CreateNode(folder, "old", past);

        // The old node believes in its certificate, and so does nobody else.
        var credentials = new LinkCredentials(Path.Combine(folder, "ca.crt"), Path.Combine(folder, "old.crt"), Path.Combine(folder, "old.key"), past);
        File.AppendAllText(Path.Combine(_cluster.Folder, "ca.crt"), File.ReadAllText(Path.Combine(folder, "ca.crt")));
        await using var old = new TestNode(new(1), TestCluster.Options(credentials) with { Time = past }, _cluster);
        _cluster.Join(1, old.Endpoint);
        Assert.Null(node.Links.To(old.Number));
        await node.Log.NextAsync(3033, "NotTimeValid");
        Assert.Throws<Protocol.Crypto.Certificates.CredentialException>(() => new LinkCredentials(Path.Combine(folder, "ca.crt"), Path.Combine(folder, "old.crt"), Path.Combine(folder, "old.key"), TimeProvider.System));
    }

    [Theory]
    [InlineData(false, "simplex-node/1", SslProtocols.Tls13, "it shows no certificate")]
    [InlineData(true, null, SslProtocols.Tls13, "it does not speak as a node")]
    [InlineData(true, "http/1.1", SslProtocols.Tls13, null)]
    [InlineData(true, "simplex-node/1", SslProtocols.Tls12, null)]
    public async Task Who_is_no_node_gets_nowhere(bool hasCertificate, string? protocol, SslProtocols version, string? reason)
    {
        TestNode node = _cluster.Start(1);
        ClusterCertificates.CreateNode(_cluster.Folder, "stranger", TimeProvider.System);
        using var client = new TcpClient();
        await client.ConnectAsync(node.Endpoint);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "node",
            EnabledSslProtocols = version,
            ApplicationProtocols = protocol is null ? null : [new SslApplicationProtocol(protocol)],
            ClientCertificateContext = hasCertificate ? _cluster.Credentials("stranger").Current(node.Log).Context : null,
        };
        bool wasRefused = false;
        try
        {
            await tls.AuthenticateAsClientAsync(options);
            wasRefused = await tls.ReadAsync(new byte[1]) == 0;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            wasRefused = true;
        }

        Assert.True(wasRefused);
        await node.Log.NextAsync(3035, reason ?? "");
    }

    private async Task AssertRefusedAsync(Func<LinkOptions, LinkOptions> change, string first, string second)
    {
        TestNode a = _cluster.Start(1);
        TestNode b = _cluster.Start(2, change);
        Assert.Null(a.Links.To(b.Number));
        await a.Log.NextAsync(3033, first);
        await b.Log.NextAsync(3034, second);
        Assert.Null(b.Links.To(a.Number));
        await b.Log.NextAsync(3033, second);
        await a.Log.NextAsync(3034, first);

        // It is tried again and again, and said once: a link that works comes after at least one more attempt.
        TestNode c = _cluster.Start(2);
        Assert.Equal(c.Number, (await a.OwnAsync()).Session.Peer);
        Assert.Single(a.Log.Of(3033), text => text.Contains(first));
        Assert.Single(b.Log.Of(3034));
    }
}
