using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>Relays behind a SOCKS proxy, such as Tor's onion hosts.</summary>
public sealed class SocksTests : IDisposable
{
    private const string Onion = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";

    private readonly TemporaryFolder _proxyFolder = new();
    private readonly TemporaryFolder _relayFolder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _proxyFolder.Dispose();
        _relayFolder.Dispose();
    }

    [Fact]
    [Spec("S-340", "S-341")]
    public async Task Onion_hosts_are_reached_through_SOCKS_and_others_directly()
    {
        await using TestRouter relay = await TestRouter.StartAsync(_relayFolder.Path);
        await using var socks = new SocksServer(relay.Address.Port!.Value);
        await using TestRouter proxy = await TestRouter.StartAsync(
            _proxyFolder.Path, ProxyFixture.AllowLoopback, $"proxy.socks_proxy={socks.Address}");
        await using Peer owner = await relay.ConnectAsync();
        await using Peer sender = await proxy.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(cancellation: Cancellation);

        // The public host is preferred, wherever it stands.
        await (await sender.Client.OpenRelayAsync(relay.Address.At(Onion, "localhost"), cancellation: Cancellation))
            .SendAsync(queue.Unsecured(), "directly"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal("directly", await owner.ReceiveAsync(queue));
        Assert.Empty(socks.Requests);

        await (await sender.Client.OpenRelayAsync(relay.Address.At(Onion), cancellation: Cancellation))
            .SendAsync(queue.Unsecured(), "through Tor"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal("through Tor", await owner.ReceiveAsync(queue));
        Assert.Equal([$"{Onion}:{relay.Address.Port}"], socks.Requests);
    }

    [Fact]
    [Spec("S-340", "S-341", "S-489")]
    public async Task Everything_goes_through_SOCKS_where_the_operator_says_so()
    {
        await using var relay = new FakeRouter();
        await using var socks = new SocksServer(relay.Port, "user:pass:word");
        await using TestRouter proxy = await TestRouter.StartAsync(
            _proxyFolder.Path, $"proxy.socks_proxy=user:pass:word@{socks.Address}", "proxy.socks_mode=always");
        await using Wire client = await proxy.ConnectWireAsync();
        RouterAddress named = relay.Address.At("relay.example");
        Task<FakeSession> accepting = relay.AcceptAsync();
        await client.PkeyAsync(named);
        await accepting;
        accepting = relay.AcceptAsync();
        await client.PkeyAsync(relay.Address.At("2620:fe::fe"));
        await accepting;
        accepting = relay.AcceptAsync();
        await client.PkeyAsync((relay.Address with { Port = null }).At("9.9.9.9"));
        await accepting;
        Assert.Equal(ProxyClient.NoHost, await client.OpenErrorAsync(relay.Address.At("10.0.0.1")));
        Assert.Equal([$"relay.example:{relay.Port}", $"2620:fe::fe:{relay.Port}", "9.9.9.9:5223"], socks.Requests);
    }

    [Fact]
    [Spec("S-340", "S-341", "S-353")]
    public async Task The_kind_of_host_can_be_required()
    {
        await using var relay = new FakeRouter();
        await using var socks = new SocksServer(relay.Port);
        await using TestRouter proxy = await TestRouter.StartAsync(
            _proxyFolder.Path, $"proxy.socks_proxy={socks.Address}", "proxy.host_mode=onion", "proxy.required_host_mode=true", ProxyFixture.AllowLoopback);
        await using Wire client = await proxy.ConnectWireAsync();
        Assert.Equal(ProxyClient.NoHost, await client.OpenErrorAsync(relay.Address));
        Task<FakeSession> accepting = relay.AcceptAsync();
        await client.PkeyAsync(relay.Address.At("localhost", Onion));
        await accepting;
        Assert.Equal([$"{Onion}:{relay.Port}"], socks.Requests);
    }

    [Fact]
    [Spec("S-353")]
    public async Task What_SOCKS_does_not_reach_or_allow_is_a_network_error()
    {
        await using var unreachable = new SocksServer(target: 0);
        await using TestRouter proxy = await TestRouter.StartAsync(_proxyFolder.Path, $"proxy.socks_proxy={unreachable.Address}");
        await using Wire client = await proxy.ConnectWireAsync();
        RouterAddress relay = RouterAddress.Parse("smp://" + new string('A', 43) + $"=@{Onion}");
        Assert.Equal(ProxyClient.Network, await client.OpenErrorAsync(relay));
        Assert.Equal([$"{Onion}:5223"], unreachable.Requests);

        await using var guarded = new SocksServer(target: 1, "user:password");
        await using TestRouter stranger = await TestRouter.StartAsync(_relayFolder.Path, $"proxy.socks_proxy=user:wrong@{guarded.Address}");
        await using Wire other = await stranger.ConnectWireAsync();
        Assert.Equal(ProxyClient.Network, await other.OpenErrorAsync(relay));
        Assert.Empty(guarded.Requests);
    }
}
