using System.Net;
using System.Net.Sockets;
using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Client.Tests;

public class HandshakeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(6, 20, 6, 20, 20)]
    [InlineData(6, 6, 6, 20, 6)]
    [InlineData(8, 14, 6, 20, 14)]
    [InlineData(6, 20, 7, 10, 10)]
    [Spec("S-089", "S-090", "S-097")]
    public async Task Agrees_on_the_highest_version_of_both(int routerMin, int routerMax, int clientMin, int clientMax, int agreed)
    {
        await using var router = new FakeRouter(new VersionRange((ushort)routerMin, (ushort)routerMax));
        var options = new SmpClientOptions { MinVersion = (ushort)clientMin, MaxVersion = (ushort)clientMax };
        (SmpClient client, FakeSession session) = await router.ConnectAsync(options);
        await using (client)
        {
            Assert.Equal(agreed, client.Version);
            Assert.Equal(router.Versions, client.RouterVersions);
            Assert.Equal(agreed, session.Hello!.Version);
            Assert.Equal(router.Address.Fingerprint.ToArray(), session.Hello.KeyHash.ToArray());
            Assert.Equal(agreed >= 7, session.Hello.Key is not null);
            Assert.False(session.Hello.ProxyServer);
            Assert.Null(session.Hello.Service);
        }
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(14, 14)]
    [InlineData(13, 10)]
    [InlineData(11, 10)]
    [InlineData(10, 10)]
    [InlineData(8, 8)]
    [Spec("S-103")]
    public async Task A_proxy_says_so_or_keeps_to_a_version_without_encrypted_blocks(int routerMax, int agreed)
    {
        await using var router = new FakeRouter(new VersionRange(6, (ushort)routerMax));
        (SmpClient client, FakeSession session) = await router.ConnectAsync(new SmpClientOptions { ProxyServer = true });
        await using (client)
        {
            Assert.Equal((agreed, agreed >= 14), (client.Version, session.Hello!.ProxyServer));
            Assert.Equal(KeyAlgorithm.X25519, session.Hello.Key!.Algorithm);
            SmpCall<Protocol.Smp.Responses.SmpResponse> ping = client.PingAsync(Cancellation);
            await (await session.ReceiveAsync()).AnswerAsync(Protocol.Smp.Responses.PongResponse.Instance);
            await ping;
        }
    }

    [Fact]
    [Spec("S-106")]
    public async Task Without_a_session_key_blocks_are_only_padded()
    {
        await using var router = new FakeRouter();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(new SmpClientOptions { SendSessionKey = false });
        await using (client)
        {
            Assert.Null(session.Hello!.Key);
            SmpCall<Protocol.Smp.Responses.SmpResponse> ping = client.PingAsync(Cancellation);
            await (await session.ReceiveAsync()).AnswerAsync(Protocol.Smp.Responses.PongResponse.Instance);
            await ping;
        }
    }

    [Fact]
    [Spec("S-042", "S-059", "S-097")]
    public async Task The_session_id_of_TLS_1_2_is_shorter()
    {
        await using var router = new FakeRouter();
        (SmpClient client, _) = await router.ConnectAsync(new SmpClientOptions { OnlyTls12 = true });
        await using (client)
        {
            Assert.Equal(12, client.SessionId.Length);
        }

        (client, _) = await router.ConnectAsync();
        await using (client)
        {
            Assert.Equal(32, client.SessionId.Length);
        }
    }

    [Fact]
    [Spec("S-097")]
    public async Task Refuses_a_router_without_a_common_version()
    {
        await using var router = new FakeRouter(new VersionRange(6, 8));
        Assert.Equal(ConnectProblem.Version, await FailAsync(router, new SmpClientOptions { MinVersion = 9 }));
    }

    [Fact]
    [Spec("S-097")]
    public async Task Refuses_a_hello_of_another_session()
    {
        await using var router = new FakeRouter { Tamper = hello => hello with { SessionId = new byte[32] } };
        Assert.Equal(ConnectProblem.Session, await FailAsync(router));
    }

    [Fact]
    [Spec("S-069")]
    public async Task Refuses_a_session_key_that_another_key_signed()
    {
        using var other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await using var router = new FakeRouter
        {
            Tamper = hello => hello with { Key = hello.Key! with { Signed = SignedKey.Sign(hello.Key.Signed.Key, other) } },
        };
        Assert.Equal(ConnectProblem.BadKey, await FailAsync(router));
    }

    [Fact]
    [Spec("S-069")]
    public async Task Refuses_a_hello_with_the_chain_of_another_router()
    {
        await using var other = new FakeRouter();
        await using var router = new FakeRouter { Tamper = hello => hello with { Key = hello.Key! with { Chain = other.Chain } } };
        Assert.Equal(ConnectProblem.BadKey, await FailAsync(router));
    }

    [Fact]
    [Spec("S-069")]
    public async Task Refuses_a_hello_with_only_a_leaf()
    {
        await using var router = new FakeRouter { Tamper = hello => hello with { Key = hello.Key! with { Chain = hello.Key.Chain[..1] } } };
        Assert.Equal(ConnectProblem.BadKey, await FailAsync(router));
    }

    [Fact]
    [Spec("S-069")]
    public async Task Refuses_a_hello_without_a_key_where_versions_need_one()
    {
        await using var router = new FakeRouter { Tamper = hello => hello with { Key = null } };
        Assert.Equal(ConnectProblem.NoKey, await FailAsync(router));
    }

    [Fact]
    [Spec("S-067")]
    public async Task Refuses_another_router_than_the_address_names()
    {
        await using var router = new FakeRouter();
        Task<FakeSession> accepting = router.AcceptTlsAsync();
        SmpException failure = await Assert.ThrowsAsync<SmpException>(
            () => SmpClient.ConnectAsync(router.AddressOf(new byte[32]), cancellation: Cancellation));
        Assert.Equal(new ConnectFailed(ConnectProblem.WrongRouter), failure.Failure);
        await Assert.ThrowsAnyAsync<Exception>(() => accepting);
    }

    [Fact]
    public async Task Gives_up_on_a_router_that_says_nothing()
    {
        await using var router = new FakeRouter();
        var time = new ManualTime();
        Task<SmpClient> connecting = SmpClient.ConnectAsync(router.Address, new SmpClientOptions { Time = time }, Cancellation);
        FakeSession session = await router.AcceptTlsAsync();
        time.Advance(TimeSpan.FromSeconds(15));
        SmpException failure = await Assert.ThrowsAsync<SmpException>(() => connecting);
        Assert.Equal(new ConnectFailed(ConnectProblem.TimedOut), failure.Failure);
        Assert.True(await session.IsClosedAsync());
    }

    [Fact]
    public async Task A_cancelled_attempt_closes_the_connection()
    {
        await using var router = new FakeRouter();
        using var cancel = new CancellationTokenSource();
        Task<SmpClient> connecting = SmpClient.ConnectAsync(router.Address, cancellation: cancel.Token);
        FakeSession session = await router.AcceptTlsAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.True(await session.IsClosedAsync());
    }

    [Fact]
    public async Task Tells_when_nobody_listens()
    {
        await using var router = new FakeRouter();

        // Bound and not listening: the port stays nobody's for as long as the test needs it.
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ushort port = (ushort)((IPEndPoint)unused.LocalEndPoint!).Port;
        SmpException failure = await Assert.ThrowsAsync<SmpException>(
            () => SmpClient.ConnectAsync(router.Address with { Port = port }, cancellation: Cancellation));
        Assert.Equal(new ConnectFailed(ConnectProblem.Unreachable), failure.Failure);
    }

    [Fact]
    public async Task Tries_the_next_host_when_one_does_not_accept()
    {
        await using var router = new FakeRouter();
        Task<FakeSession> accepting = router.AcceptAsync();

        // Nothing listens on 127.0.0.2: the fake router is bound to 127.0.0.1 alone.
        await using SmpClient client = await SmpClient.ConnectAsync(
            router.AddressOf(router.Address.Fingerprint.ToArray(), "127.0.0.2"), cancellation: Cancellation);
        await accepting;
        Assert.Equal(20, client.Version);
    }

    private static async Task<ConnectProblem> FailAsync(FakeRouter router, SmpClientOptions? options = null)
    {
        Task<FakeSession> accepting = router.AcceptAsync();
        SmpException failure = await Assert.ThrowsAsync<SmpException>(() => SmpClient.ConnectAsync(router.Address, options, Cancellation));
        await accepting;
        return Assert.IsType<ConnectFailed>(failure.Failure).Problem;
    }
}
