using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>A client that sends through a proxy, both routers being the real program.</summary>
public sealed class ForwardingTests(ProxyFixture fixture) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-166", "S-167", "S-338", "S-342", "S-438", "S-072")]
    public async Task All_clients_are_given_the_same_session()
    {
        await using Wire first = await fixture.Proxy.ConnectWireAsync();
        await using Wire second = await fixture.Proxy.ConnectWireAsync();
        PkeyResponse key = await PkeyAsync(first);
        Assert.Equal((8, 20), (key.MinVersion, key.MaxVersion));
        Assert.Equal(32, key.SessionId.Length);
        foreach (Wire client in (Wire[])[first, first, second])
        {
            PkeyResponse again = await PkeyAsync(client);
            Assert.Equal(key.SessionId, again.SessionId);
            Assert.Equal(key.SignedKey.ToArray(), again.SignedKey.ToArray());
            Assert.Equal(key.CertificateChain.Select(der => der.ToArray()), again.CertificateChain.Select(der => der.ToArray()));
        }
    }

    [Fact]
    [Spec("S-345", "S-348", "S-352", "S-438", "S-468")]
    public async Task Messages_and_links_go_through_a_proxy()
    {
        await using Peer owner = await fixture.Relay.ConnectAsync();
        await using Peer sender = await fixture.Proxy.ConnectAsync();
        using RelaySession relay = await sender.Client.OpenRelayAsync(fixture.Relay.Address, cancellation: Cancellation);
        Assert.Equal(20, relay.Version);
        Assert.Equal(16048, relay.MaxBodyBytes);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        await relay.SendAsync(queue.Unsecured(), "unsecured"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal("unsecured", await owner.ReceiveAsync(queue));

        using var secured = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.X25519));
        await relay.SecureAsync(secured, Cancellation);
        await relay.SendAsync(secured, "secured"u8.ToArray(), notify: true, Cancellation);
        Assert.Equal("secured", await owner.ReceiveAsync(queue));
        Assert.Equal(new RouterRefusal(SmpError.Auth), await FailureAsync(relay.SendAsync(queue.Unsecured(), "x"u8.ToArray())));

        var data = new LinkData("fixed"u8.ToArray(), "user"u8.ToArray());
        using RecipientQueue contact = await owner.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact, Link = data, LinkId = EntityId.Random() });
        using RecipientQueue oneTime = await owner.Client.CreateQueueAsync(new NewQueue { Link = data });
        (await relay.GetLinkAsync(contact.LinkId!.Value, Cancellation)).Data.AssertIs(data);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        ResolvedLink resolved = await relay.SecureByLinkAsync(oneTime.LinkId!.Value, key, Cancellation);
        await relay.SendAsync(resolved.Queue, "by link"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal("by link", await owner.ReceiveAsync(oneTime));
        Assert.Equal(new RouterRefusal(CmdError.Prohibited), await FailureAsync(relay.ExecuteAsync(PingCommand.Instance, EntityId.Empty)));
    }

    [Theory]
    [InlineData(KeyAlgorithm.Ed448)]
    [InlineData(KeyAlgorithm.Ed25519)]
    [InlineData(KeyAlgorithm.X25519)]
    [Spec("S-128", "S-129", "S-130", "S-131", "S-132", "S-438")]
    public async Task The_largest_message_goes_through_with_every_kind_of_key(KeyAlgorithm algorithm)
    {
        await using Peer owner = await fixture.Relay.ConnectAsync();
        await using Peer sender = await fixture.Proxy.ConnectAsync();
        using RelaySession relay = await sender.Client.OpenRelayAsync(fixture.Relay.Address, cancellation: Cancellation);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Key = PrivateKey.Generate(algorithm) });
        using var secured = new SenderQueue(queue.SenderId, PrivateKey.Generate(algorithm));
        await relay.SecureAsync(secured, Cancellation);
        byte[] body = new byte[16048];
        Random.Shared.NextBytes(body);
        await relay.SendAsync(secured, body, cancellation: Cancellation);
        ReceivedMessage message = await owner.MessageAsync(queue);
        Assert.Equal(body, message.Body.ToArray());
        await owner.Client.AcknowledgeAsync(queue, message.Id, Cancellation);
        SmpFailure failure = await FailureAsync(relay.SendAsync(secured, new byte[16049]));
        Assert.True(failure is CommandTooLarge or RouterRefusal { Error: SimpleError { Tag: "LARGE_MSG" } }, failure.Message);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(5, 200)]
    [InlineData(10, 100)]
    [Spec("S-438", "S-490")]
    public async Task Many_messages_of_many_clients_arrive_in_order(int pairs, int messages)
    {
        await Task.WhenAll(Enumerable.Range(0, pairs).Select(_ => ExchangeAsync(messages)));
    }

    [Fact]
    [Spec("S-344", "S-438")]
    public async Task A_session_that_there_is_not_is_refused()
    {
        await using Wire wire = await fixture.Proxy.ConnectWireAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        byte[] command = wire.Command(new PfwdCommand(20, key.Public, new byte[16242]), EntityId.Random());
        Assert.Equal(SmpError.ProxyNoSession, Assert.Single(await wire.AskAsync(command)).Error);
    }

    [Fact]
    [Spec("S-166", "S-167", "S-176", "S-177", "S-178")]
    public async Task Malformed_commands_are_refused()
    {
        await using Wire wire = await fixture.Proxy.ConnectWireAsync();
        string session = new('s', 32);
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("PRXY"));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("PRXY \0"));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("PRXY \u0001\u0003a b\u00045223\u0001k0"));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("PRXY \u0001\u0001a\u0001x\u0001k0"));
        Assert.Equal(CmdError.HasAuth, await wire.ErrorAsync("PRXY \u0001\u0001a\0\u0001k0", EntityId.Random()));
        Assert.Equal(CmdError.NoEntity, await wire.ErrorAsync(Pfwd(KeyAlgorithm.X25519) + "data"));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("PFWD \0\u0014", new EntityId("s"u8)));
        Assert.Equal(CmdError.Syntax, await wire.ErrorAsync(Pfwd(KeyAlgorithm.Ed25519) + "data", new EntityId("s"u8)));
        Assert.Equal(SmpError.ProxyNoSession, await wire.ErrorAsync(Pfwd(KeyAlgorithm.X25519) + "data", new EntityId(System.Text.Encoding.ASCII.GetBytes(session))));
    }

    [Fact]
    [Spec("S-346", "S-347", "S-353")]
    public async Task What_the_relay_says_of_the_forwarding_comes_from_the_proxy()
    {
        await using Wire wire = await fixture.Proxy.ConnectWireAsync();
        EntityId session = (await PkeyAsync(wire)).SessionId;
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        byte[] command = wire.Command(new PfwdCommand(20, key.Public, new byte[16242]), session);
        Answer answer = Assert.Single(await wire.AskAsync(command));
        Assert.Equal(new ProxyProtocolError(SmpError.Crypto), answer.Error);
        Assert.Equal(session, answer.Entity);
    }

    private static string Pfwd(KeyAlgorithm algorithm)
    {
        using var key = PrivateKey.Generate(algorithm);
        return "PFWD \0\u0014" + (char)key.Public.Spki.Length + System.Text.Encoding.Latin1.GetString(key.Public.Spki);
    }

    private async Task ExchangeAsync(int messages)
    {
        await using Peer owner = await fixture.Relay.ConnectAsync();
        await using Peer sender = await fixture.Proxy.ConnectAsync();
        using RelaySession relay = await sender.Client.OpenRelayAsync(fixture.Relay.Address, cancellation: Cancellation);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        using var secured = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        await relay.SecureAsync(secured, Cancellation);
        for (int i = 0; i < messages; i++)
        {
            await relay.SendAsync(secured, System.Text.Encoding.ASCII.GetBytes($"message {i}"), cancellation: Cancellation);
            Assert.Equal($"message {i}", await owner.ReceiveAsync(queue));
        }
    }

    private async Task<PkeyResponse> PkeyAsync(Wire wire)
    {
        var prxy = new PrxyCommand(fixture.Relay.Address.Hosts, fixture.Relay.Address.Port, fixture.Relay.Address.Fingerprint, BasicAuth: null);
        Answer answer = Assert.Single(await wire.AskAsync(wire.Command(prxy, EntityId.Empty)));
        Assert.True(answer.Entity.IsEmpty);
        return Assert.IsType<PkeyResponse>(answer.Response);
    }

    private static async Task<SmpFailure> FailureAsync(SmpCall<SmpResponse> call)
    {
        SmpResult<SmpResponse> result = await call.AsResult();
        return Assert.IsAssignableFrom<SmpFailure>(result.Failure);
    }
}
