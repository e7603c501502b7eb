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

/// <summary>Whom a proxy serves, whom it may reach, and how much of it one client may take.</summary>
public sealed class ProxyRulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Spec("S-337", "S-437", "S-496")]
    public async Task A_password_is_asked_for_where_queues_need_one()
    {
        await using var relay = new FakeRouter();
        await using TestRouter proxy = await TestRouter.StartAsync(_folder.Path, "queues.create_password=correct-horse", ProxyFixture.AllowLoopback);
        await using Wire client = await proxy.ConnectWireAsync();
        foreach (string? wrong in (string?[])[null, "wrong", "correct-hors", "correct-horsey"])
        {
            Assert.Equal(SmpError.ProxyBasicAuth, await client.OpenErrorAsync(relay.Address, wrong));
        }

        Task<FakeSession> accepting = relay.AcceptAsync();
        Assert.IsType<PkeyResponse>(await client.OpenAsync(relay.Address, "correct-horse"));
        await accepting;

        // A library's client takes the password from the address of its proxy.
        await using SmpClient known = await SmpClient.ConnectAsync(proxy.Address with { Password = "correct-horse" }, cancellation: Cancellation);
        using RelaySession session = await known.OpenRelayAsync(relay.Address, cancellation: Cancellation);
        await using SmpClient unknown = await SmpClient.ConnectAsync(proxy.Address, cancellation: Cancellation);
        SmpResult<RelaySession> refused = await unknown.OpenRelayAsync(relay.Address, cancellation: Cancellation).AsResult();
        Assert.Equal(new ProxyRefusal(SmpError.ProxyBasicAuth), refused.Failure);
    }

    [Fact]
    [Spec("S-337", "S-344", "S-437")]
    public async Task A_router_that_is_no_proxy_says_so()
    {
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path, "proxy.enabled=false", ProxyFixture.AllowLoopback);
        await using Wire client = await router.ConnectWireAsync();
        Assert.Equal(SmpError.ProxyBasicAuth, await client.OpenErrorAsync(router.Address));
        Assert.Equal(SmpError.ProxyNoSession, await client.ForwardErrorAsync(EntityId.Random()));
    }

    [Fact]
    [Spec("S-489", "S-340")]
    public async Task Addresses_that_are_not_public_are_out_of_reach()
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        RouterAddress here = ProxyClient.Nowhere(listener.LocalEndpoint);
        await using TestRouter proxy = await TestRouter.StartAsync(_folder.Path);
        await using Wire client = await proxy.ConnectWireAsync();
        string[] hosts =
        [
            "127.0.0.1", "localhost", "::1", "::ffff:7f00:1", "::ffff:a00:1", "0.0.0.0", "::", "10.1.2.3", "192.168.0.1", "172.16.0.1",
            "169.254.169.254", "100.64.0.1", "fe80::1", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "ff02::1", "255.255.255.255",
        ];
        foreach (string host in hosts)
        {
            Assert.Equal(ProxyClient.NoHost, await client.OpenErrorAsync(here.At(host)));
        }

        // Onion hosts are for SOCKS alone, which this router does not have.
        Assert.Equal(ProxyClient.NoHost, await client.OpenErrorAsync(here.At("abcdefghij234567.onion")));
        Assert.False(listener.Pending());
    }

    [Fact]
    [Spec("S-354", "S-473", "S-479", "S-331")]
    public async Task A_client_with_many_commands_waiting_is_read_no_further()
    {
        const int limit = 32;
        await using var relay = new FakeRouter();
        await using TestRouter proxy = await TestRouter.StartAsync(_folder.Path, ProxyFixture.AllowLoopback);
        await using Wire client = await proxy.ConnectWireAsync();
        Task<FakeSession> accepting = relay.AcceptAsync();
        EntityId id = (await client.PkeyAsync(relay.Address)).SessionId;
        FakeSession session = await accepting;
        var correlations = new Queue<EntityId>();
        for (int i = 0; i <= limit; i++)
        {
            correlations.Enqueue(EntityId.Random());
            await client.SendAsync(client.Pfwd(id, correlations.Last()));
        }

        await client.SendAsync(client.Command("PING"));
        var received = new Queue<FakeCommand>();
        while (received.Count < limit)
        {
            received.Enqueue(await session.ReceiveAsync());
        }

        // PING stands behind a command for which there is no room: the first thing to be said is the answer to another.
        await received.Dequeue().AnswerAsync(new ErrResponse(SmpError.Quota));
        List<Answer> said = [.. await client.ReceiveAsync()];
        EntityId answered = correlations.Dequeue();
        Assert.Contains(said, answer => (answer.Correlation, answer.Error) == (answered, new ProxyProtocolError(SmpError.Quota)));

        // With the answer there is room, and PONG may come in time to share its block.
        if (said.Count == 1)
        {
            said.AddRange(await client.ReceiveAsync());
        }

        Assert.Equal(2, said.Count);
        Assert.Contains(said, answer => answer.Response is PongResponse);
        received.Enqueue(await session.ReceiveAsync());

        // Another client is not held up.
        await using Wire other = await proxy.ConnectWireAsync();
        Assert.IsType<PongResponse>(await other.AskAsync("PING"));

        // Answers come in the order in which the relay gives them.
        foreach (FakeCommand command in received.Reverse())
        {
            await command.AnswerAsync(new ErrResponse(SmpError.Quota));
        }

        IReadOnlyList<Answer> rest = await client.ReceiveAsync(limit);
        Assert.Equal(correlations.Order(ById), rest.Select(answer => answer.Correlation).Order(ById));
    }

    [Fact]
    [Spec("S-355")]
    public async Task A_client_that_leaves_takes_its_commands_with_it()
    {
        await using var relay = new FakeRouter();
        await using TestRouter proxy = await TestRouter.StartAsync(_folder.Path, ProxyFixture.AllowLoopback, "proxy.client_concurrency=1");
        Task<FakeSession> accepting = relay.AcceptAsync();
        await using Wire other = await proxy.ConnectWireAsync();
        EntityId id = (await other.PkeyAsync(relay.Address)).SessionId;
        FakeSession session = await accepting;
        FakeCommand abandoned;
        await using (Wire client = await proxy.ConnectWireAsync())
        {
            await client.SendAsync(client.Pfwd(id));
            abandoned = await session.ReceiveAsync();
        }

        await abandoned.AnswerAsync(new ErrResponse(SmpError.Quota));
        Task<SmpError?> forwarding = other.ForwardErrorAsync(id);
        await (await session.ReceiveAsync()).AnswerAsync(new ErrResponse(SmpError.Auth));
        Assert.Equal(new ProxyProtocolError(SmpError.Auth), await forwarding);
    }

    private static Comparer<EntityId> ById { get; } =
        Comparer<EntityId>.Create((left, right) => left.Bytes.SequenceCompareTo(right.Bytes));
}
