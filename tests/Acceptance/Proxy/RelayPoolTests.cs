using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>The connections of a proxy to its relays: shared, several where one is not enough, closed when nobody uses them.</summary>
public sealed class RelayPoolTests(RelayPoolTests.ProxyRouter fixture) : IClassFixture<RelayPoolTests.ProxyRouter>
{
    /// <summary>A proxy whose relays are on this machine. Some of them are slow on purpose, and are not to be given up.</summary>
    public sealed class ProxyRouter : RouterFixture
    {
        protected override string[] Settings => [ProxyFixture.AllowLoopback, "proxy.response_timeout=5 minutes"];
    }

    private const int Busy = 24;

    private readonly TestRouter _proxy = fixture.Router;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-490", "S-438")]
    public async Task A_busy_connection_gets_company_and_old_clients_stay()
    {
        await using var relay = new FakeRouter();
        await using Wire first = await _proxy.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        EntityId session = (await first.PkeyAsync(relay.Address)).SessionId;
        FakeSession slow = await accepting;
        for (int i = 0; i < Busy; i++)
        {
            await first.SendAsync(first.Pfwd(session));
            await slow.ReceiveAsync();
        }

        Task<FakeSession> company = relay.AcceptAsync();
        await using Wire second = await _proxy.ConnectWireAsync();
        await second.PkeyAsync(relay.Address);
        FakeSession quick = await company;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        EntityId other = session;
        while (other == session)
        {
            await using Wire next = await _proxy.ConnectWireAsync();
            other = (await next.PkeyAsync(relay.Address)).SessionId;
            patience.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(quick.Id, other);
        Assert.Equal(session, (await first.PkeyAsync(relay.Address)).SessionId);

        // What waits on the slow connection holds nobody up.
        await using Wire third = await _proxy.ConnectWireAsync();
        Task<SmpError?> forwarding = third.ForwardErrorAsync(other);
        await (await quick.ReceiveAsync()).AnswerAsync(new ErrResponse(SmpError.Quota));
        Assert.Equal(new ProxyProtocolError(SmpError.Quota), await forwarding);
    }

    [Fact]
    [Spec("S-490")]
    public async Task A_slow_relay_holds_up_neither_other_relays_nor_other_commands()
    {
        await using var slow = new FakeRouter();
        await using var quick = new FakeRouter();
        await using Wire client = await _proxy.ConnectWireAsync();
        Task<FakeSession> slowAccepting = slow.AcceptAsync();
        EntityId slowId = (await client.PkeyAsync(slow.Address)).SessionId;
        FakeSession slowSession = await slowAccepting;
        Task<FakeSession> quickAccepting = quick.AcceptAsync();
        EntityId quickId = (await client.PkeyAsync(quick.Address)).SessionId;
        FakeSession quickSession = await quickAccepting;

        await client.SendAsync(client.Pfwd(slowId));
        FakeCommand waiting = await slowSession.ReceiveAsync();
        for (int i = 0; i < 10; i++)
        {
            Task<SmpError?> forwarding = client.ForwardErrorAsync(quickId);
            await (await quickSession.ReceiveAsync()).AnswerAsync(new ErrResponse(SmpError.Quota));
            Assert.Equal(new ProxyProtocolError(SmpError.Quota), await forwarding);
            Assert.IsType<PongResponse>(await client.AskAsync("PING"));
        }

        await waiting.AnswerAsync(new ErrResponse(SmpError.Auth));
        Assert.Equal(new ProxyProtocolError(SmpError.Auth), Assert.Single(await client.ReceiveAsync()).Error);
    }

    [Fact]
    [Spec("S-489", "S-344")]
    public async Task A_connection_that_nobody_uses_is_closed()
    {
        using var folder = new TemporaryFolder();
        await using var relay = new FakeRouter();
        await using TestRouter tidying = await TestRouter.StartAsync(folder.Path, ProxyFixture.AllowLoopback, "proxy.idle_time=1 s");
        await using Wire client = await tidying.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        EntityId session = (await client.PkeyAsync(relay.Address)).SessionId;
        Assert.True(await (await accepting).IsClosedAsync());
        Assert.Equal(SmpError.ProxyNoSession, await client.ForwardErrorAsync(session));
        Task<FakeSession> again = relay.AcceptAsync();
        Assert.NotEqual(session, (await client.PkeyAsync(relay.Address)).SessionId);
        await again;
    }

    [Fact]
    [Spec("S-040")]
    public async Task Connections_to_relays_are_kept_alive()
    {
        await using var relay = new FakeRouter();
        await using Wire client = await _proxy.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        await client.PkeyAsync(relay.Address);
        await accepting;

        // Remote port and timer of each socket of the proxy's machine; timer 2 is that of keep-alive.
        string port = relay.Port.ToString("X4", CultureInfo.InvariantCulture);
        bool IsKeptAlive() => File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields => fields[2].EndsWith(":" + port, StringComparison.Ordinal) && fields[5].StartsWith("02:", StringComparison.Ordinal));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!IsKeptAlive())
        {
            await pace.WaitForNextTickAsync(patience.Token);
        }
    }

    [Fact]
    [Spec("S-338")]
    public async Task Those_who_ask_meanwhile_wait_for_the_same_attempt()
    {
        await using var relay = new FakeRouter();
        var clients = new List<Wire>();
        for (int i = 0; i < 10; i++)
        {
            clients.Add(await _proxy.ConnectWireAsync());
            await clients[i].SendAsync(clients[i].Prxy(relay.Address));
        }

        FakeSession session = await relay.AcceptAsync();
        foreach (Wire client in clients)
        {
            Answer answer = Assert.Single(await client.ReceiveAsync());
            Assert.Equal(session.Id, Assert.IsType<PkeyResponse>(answer.Response).SessionId);
            await client.DisposeAsync();
        }
    }

    [Fact]
    [Spec("S-338", "S-439")]
    public async Task A_dead_relay_is_tried_once_and_hurts_nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int attempts = 0;
        Task accepting = AcceptAndCloseAsync();
        RouterAddress dead = ProxyClient.Nowhere(listener.LocalEndpoint);
        await using SmpClient client = await SmpClient.ConnectAsync(_proxy.Address, cancellation: Cancellation);
        SmpResult<RelaySession>[] results = await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(_ => client.OpenRelayAsync(dead, cancellation: Cancellation).AsResult().AsTask()));
        Assert.All(results, result => Assert.Equal(new ProxyRefusal(ProxyClient.Network), result.Failure));
        Assert.Equal(1, attempts);
        await client.PingAsync(Cancellation);
        listener.Stop();
        await accepting;

        async Task AcceptAndCloseAsync()
        {
            try
            {
                while (true)
                {
                    using Socket socket = await listener.AcceptSocketAsync(Cancellation);
                    attempts++;
                }
            }
            catch (SocketException)
            {
                // The test is over.
            }
        }
    }
}
