using System.Net;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>
/// Peers that are silent: cut cables, ports that do not answer. A clock that stands still until a cable is cut keeps a busy
/// machine from looking like a silent peer.
/// </summary>
public sealed class SilenceTests : IAsyncDisposable
{
    private readonly TestCluster _cluster = new();
    private readonly ManualTimeProvider _time = new();

    // Certificates are valid from about now.
    public SilenceTests() => _time.Advance(TimeProvider.System.GetUtcNow() - _time.GetUtcNow());

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_cable_is_noticed_at_both_ends(bool writes)
    {
        TestNode a = Start(1);
        TestNode b = Start(2);
        await using var proxy = new TestProxy(b.Endpoint);
        _cluster.Join(2, proxy.Endpoint);
        (LinkEnd own, LinkEnd served) = await a.LinkAsync(b);
        proxy.Cut();
        ValueTask<bool> waiting = new(false);
        while (writes && (waiting = own.Session.SendAsync(1, new byte[100_000], default)).IsCompleted)
        {
            Assert.True(await waiting);
        }

        await UntilClosedAsync(own, served);
        Assert.False(await waiting);
        Assert.Contains("nothing arrived for 0.4 s", Assert.Single(a.Log.Of(3032)));
        Assert.Equal((1, 1), (own.Receiver.Closings, served.Receiver.Closings));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_given_up()
    {
        TestNode a = Start(1);
        TestNode b = Start(2);
        await using var proxy = new TestProxy(b.Endpoint);
        _cluster.Join(2, proxy.Endpoint);
        (LinkEnd own, _) = await a.LinkAsync(b);
        proxy.Cut();
        for (int i = 0; i < 100; i++)
        {
            own.Session.Post(1, new byte[100_000]);
        }

        await UntilClosedAsync(own);
        Assert.Matches("nothing arrived|a write stood still", Assert.Single(a.Log.Of(3032)));
    }

    [Fact]
    public async Task A_port_that_says_nothing_does_not_hold_the_dialling_up_for_ever()
    {
        var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        TestNode a = _cluster.Start(1, options => options with { HandshakeTime = TimeSpan.FromMilliseconds(100) });
        _cluster.Join(2, (IPEndPoint)silent.LocalEndpoint);
        Assert.Null(a.Links.To(new(2)));
        await a.Log.NextAsync(3033, "it took too long");
        silent.Stop();
        TestNode b = _cluster.Start(2);
        Assert.Equal(b.Number, (await a.OwnAsync()).Session.Peer);
    }

    private TestNode Start(long number) => _cluster.Start(
        number,
        options => options with { Time = _time, PingAfter = TimeSpan.FromMilliseconds(100), Silence = TimeSpan.FromMilliseconds(400), StreamWindowBytes = 1_000_000 });

    private async Task UntilClosedAsync(params LinkEnd[] ends)
    {
        Task closed = Task.WhenAll(ends.Select(end => end.Receiver.ClosedAsync()));
        while (!closed.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await closed;
    }
}
