using System.Net;
using System.Net.Sockets;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>Relays that stall, go away and return.</summary>
public sealed class RelayReturnsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _proxyFolder = new();
    private readonly TemporaryFolder _relayFolder = new();
    private readonly int _port = FreePort.Find(Random.Shared);
    private TestRouter? _proxy;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestRouter Proxy => _proxy ?? throw new InvalidOperationException("The proxy is not started.");

    public async ValueTask InitializeAsync() => _proxy = await TestRouter.StartAsync(
        _proxyFolder.Path, ProxyFixture.AllowLoopback, "proxy.failure_time=1 s");

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        _proxyFolder.Dispose();
        _relayFolder.Dispose();
    }

    [Fact]
    [Spec("S-338", "S-353", "S-440")]
    public async Task A_stalled_relay_is_reached_again_when_it_is_healthy()
    {
        Protocol.Addresses.RouterAddress address = await AddressOfRelayAsync();
        await using Wire client = await Proxy.ConnectWireAsync();
        using (TcpListener stalled = Stall())
        {
            await client.SendAsync(client.Prxy(address));
            using Socket attempt = await stalled.AcceptSocketAsync(Cancellation);
        }

        Assert.Equal(ProxyClient.Network, Assert.Single(await client.ReceiveAsync()).Error);
        await using TestRouter relay = await StartRelayAsync();
        PkeyResponse key = await client.ReachAsync(address);
        Assert.Equal(key.SessionId, (await client.PkeyAsync(address)).SessionId);
    }

    [Fact]
    [Spec("S-340", "S-353")]
    public async Task A_relay_that_stalls_for_long_is_a_network_error()
    {
        using var folder = new TemporaryFolder();
        Protocol.Addresses.RouterAddress address = await AddressOfRelayAsync();
        await using TestRouter impatient = await TestRouter.StartAsync(folder.Path, ProxyFixture.AllowLoopback, "proxy.connect_timeout=1 s");
        await using Wire client = await impatient.ConnectWireAsync();
        using TcpListener stalled = Stall();
        Assert.Equal(ProxyClient.Network, await client.OpenErrorAsync(address));
    }

    [Fact]
    [Spec("S-339", "S-355", "S-440")]
    public async Task An_attempt_ends_with_the_last_client_that_waits_for_it()
    {
        Protocol.Addresses.RouterAddress address = await AddressOfRelayAsync();
        using (TcpListener stalled = Stall())
        {
            Wire first = await Proxy.ConnectWireAsync();
            await first.SendAsync(first.Prxy(address));
            using Socket attempt = await stalled.AcceptSocketAsync(Cancellation);
            await first.DisposeAsync();
            await EndOfAsync(attempt);

            // Nothing is left of it, not even a failure: the next client starts an attempt of its own.
            await using Wire second = await Proxy.ConnectWireAsync();
            await second.SendAsync(second.Prxy(address));
            using Socket next = await stalled.AcceptSocketAsync(Cancellation);
        }

        await using TestRouter relay = await StartRelayAsync();
        await using Wire client = await Proxy.ConnectWireAsync();
        await client.ReachAsync(address);
    }

    [Fact]
    [Spec("S-344", "S-441")]
    public async Task Sending_goes_on_when_the_relay_has_restarted()
    {
        Protocol.Addresses.RouterAddress address;
        RecipientQueue queue;
        await using Peer sender = await Proxy.ConnectAsync();
        RelaySession session;
        await using (TestRouter relay = await StartRelayAsync())
        {
            address = relay.Address;
            await using Peer owner = await relay.ConnectAsync();
            queue = await owner.Client.CreateQueueAsync(cancellation: Cancellation);
            session = await sender.Client.OpenRelayAsync(address, cancellation: Cancellation);
            await session.SendAsync(queue.Unsecured(), "before"u8.ToArray(), cancellation: Cancellation);
            Assert.Equal("before", await owner.ReceiveAsync(queue));
            await relay.StopAsync(RouterProgram.Sigterm);
        }

        SmpResult<SmpResponse> lost = await session.SendAsync(queue.Unsecured(), "lost"u8.ToArray(), cancellation: Cancellation).AsResult();
        Assert.True(lost.Failure is ProxyRefusal { Error: ProxyBrokerError or SimpleError }, lost.Failure?.Message);
        await using TestRouter returned = await StartRelayAsync();
        await using Peer again = await returned.ConnectAsync();
        await again.Client.SubscribeAsync(queue, Cancellation);
        lost = await session.SendAsync(queue.Unsecured(), "lost"u8.ToArray(), cancellation: Cancellation).AsResult();
        Assert.Equal(new ProxyRefusal(SmpError.ProxyNoSession), lost.Failure);
        await using (Wire wire = await Proxy.ConnectWireAsync())
        {
            await wire.ReachAsync(address);
        }

        using RelaySession next = await sender.Client.OpenRelayAsync(address, cancellation: Cancellation);
        Assert.NotEqual(session.SessionId, next.SessionId);
        await next.SendAsync(queue.Unsecured(), "after"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal("after", await again.ReceiveAsync(queue));
        session.Dispose();
        queue.Dispose();
    }

    [Fact]
    [Spec("S-343")]
    public async Task A_proxy_cannot_give_another_router_for_the_relay()
    {
        await using TestRouter relay = await StartRelayAsync();
        await using SmpClient client = await SmpClient.ConnectAsync(Proxy.Address, cancellation: Cancellation);
        var other = EntityId.Random();
        SmpResult<RelaySession> refused =
            await client.OpenRelayAsync(relay.Address with { Fingerprint = new EntityId([.. other.Bytes, .. new byte[8]]) }, cancellation: Cancellation).AsResult();
        Assert.Equal(new ProxyRefusal(ProxyClient.Network), refused.Failure);
        using RelaySession session = await client.OpenRelayAsync(relay.Address, cancellation: Cancellation);
        Assert.Equal(20, session.Version);
    }

    private async Task<Protocol.Addresses.RouterAddress> AddressOfRelayAsync()
    {
        await using TestRouter relay = await StartRelayAsync();
        return relay.Address;
    }

    private Task<TestRouter> StartRelayAsync() => TestRouter.StartAtAsync(_relayFolder.Path, _port);

    /// <summary>Accepts TCP in place of the relay, and says nothing.</summary>
    private TcpListener Stall()
    {
        var listener = new TcpListener(IPAddress.IPv6Any, _port);
        listener.Server.DualMode = true;
        listener.Start();
        return listener;
    }

    private static async Task EndOfAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, Cancellation) > 0)
            {
                // The client's TLS hello.
            }
        }
        catch (SocketException)
        {
            // Dropped: also an end.
        }
    }
}
