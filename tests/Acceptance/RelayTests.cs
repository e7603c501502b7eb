using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport.Forwarding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>The router as the relay of commands that a proxy forwards; the test plays proxy and client, byte by byte.</summary>
public sealed class RelayTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private static readonly SmpError NoAuth = new ProxyBrokerError(new BrokerTransportError(TransportError.NoAuth));

    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(20)]
    [Spec("S-168", "S-348", "S-349", "S-350", "S-468")]
    public async Task A_forwarded_message_reaches_its_queue(int version)
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);

        Assert.IsType<OkResponse>(await InnerAsync(proxy.ForwardAsync(Send("unsecured"), queue.SenderId, version: version)));
        Assert.Equal("unsecured", await owner.ReceiveAsync(queue));
        foreach (KeyAlgorithm algorithm in (KeyAlgorithm[])[KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448, KeyAlgorithm.X25519])
        {
            using RecipientQueue secured = await owner.Client.CreateQueueAsync();
            using var key = PrivateKey.Generate(algorithm);
            Assert.IsType<OkResponse>(await InnerAsync(proxy.ForwardAsync(new SkeyCommand(key.Public), secured.SenderId, key, version)));
            Assert.IsType<OkResponse>(await InnerAsync(proxy.ForwardAsync(Send("secured"), secured.SenderId, key, version)));
            Assert.Equal("secured", await owner.ReceiveAsync(secured));
            Assert.Equal(SmpError.Auth, (await proxy.ForwardAsync(Send("unsigned"), secured.SenderId, version: version)).Error);
            using var other = PrivateKey.Generate(algorithm);
            Assert.Equal(SmpError.Auth, (await proxy.ForwardAsync(Send("other"), secured.SenderId, other, version)).Error);
        }
    }

    [Fact]
    [Spec("S-348", "S-349", "S-468")]
    public async Task Links_are_read_and_queues_secured_by_link_through_a_proxy()
    {
        await using Peer owner = await _router.ConnectAsync();
        var data = new LinkData("fixed"u8.ToArray(), "user"u8.ToArray());
        using RecipientQueue contact = await owner.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact, Link = data, LinkId = EntityId.Random() });
        using RecipientQueue oneTime = await owner.Client.CreateQueueAsync(new NewQueue { Link = data });
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);

        var read = Assert.IsType<LnkResponse>(await InnerAsync(proxy.ForwardAsync(LgetCommand.Instance, contact.LinkId!.Value)));
        Assert.Equal(contact.SenderId, read.SenderId);
        read.Data.AssertIs(data);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        var secured = Assert.IsType<LnkResponse>(await InnerAsync(proxy.ForwardAsync(new LkeyCommand(key.Public), oneTime.LinkId!.Value, key)));
        Assert.Equal(oneTime.SenderId, secured.SenderId);
        Assert.Equal(SmpError.Auth, (await proxy.ForwardAsync(LgetCommand.Instance, EntityId.Random())).Error);
    }

    [Fact]
    [Spec("S-351", "S-307")]
    public async Task An_answer_that_does_not_fit_is_refused_as_a_block()
    {
        const int largest = 16137;
        await using Peer owner = await _router.ConnectAsync();
        var data = new LinkData("fixed"u8.ToArray(), new byte[largest - 5]);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Mode = QueueMode.Contact });
        var linkId = EntityId.Random();
        await owner.Client.SetLinkAsync(queue, linkId, data);
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);

        var read = Assert.IsType<LnkResponse>(await InnerAsync(proxy.ForwardAsync(LgetCommand.Instance, linkId)));
        read.Data.AssertIs(data);
        await owner.Client.SetLinkAsync(queue, linkId, new LinkData(data.Fixed, new byte[largest - 4]));
        Assert.Equal(SmpError.Block, (await proxy.ForwardAsync(LgetCommand.Instance, linkId)).Refusal);
        Assert.IsType<LnkResponse>((await owner.Client.ExecuteAsync(LgetCommand.Instance, linkId)));
    }

    [Theory]
    [InlineData(7, 16088)]
    [InlineData(8, 16064)]
    [InlineData(10, 16064)]
    [InlineData(11, 16048)]
    [InlineData(20, 16048)]
    [Spec("S-276", "S-349")]
    public async Task The_forwarded_version_selects_the_limit_of_a_message(int version, int largest)
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);
        Assert.IsType<OkResponse>(await InnerAsync(proxy.ForwardAsync(new SendCommand(false, new byte[largest]), queue.SenderId, version: version)));
        Assert.Equal(SmpError.LargeMsg, (await proxy.ForwardAsync(new SendCommand(false, new byte[largest + 1]), queue.SenderId, version: version)).Error);
    }

    [Fact]
    [Spec("S-348")]
    public async Task Other_commands_are_prohibited()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);
        Assert.Equal(CmdError.Prohibited, (await proxy.ForwardAsync(PingCommand.Instance, EntityId.Empty)).Error);
        Assert.Equal(CmdError.Prohibited, (await proxy.ForwardAsync(SubCommand.Instance, queue.RecipientId, queue.Key)).Error);
        Assert.Equal(CmdError.Prohibited, (await proxy.ForwardAsync(DelCommand.Instance, queue.RecipientId, queue.Key)).Error);
        Assert.Equal(CmdError.Prohibited, (await proxy.ForwardAsync(new RfwdCommand(new byte[100]), EntityId.Empty)).Error);
        Assert.Equal(0, (await owner.Client.GetInfoAsync(queue)).Size);
    }

    [Fact]
    [Spec("S-348", "S-025", "S-180")]
    public async Task Errors_of_the_command_are_for_the_client()
    {
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);
        Assert.Equal(CmdError.Unknown, (await proxy.ForwardAsync("WHAT")).Error);
        Assert.Equal(CmdError.Syntax, (await proxy.ForwardAsync("SEND", EntityId.Random())).Error);
        Assert.Equal(CmdError.NoEntity, (await proxy.ForwardAsync("SEND T hello")).Error);
        Assert.Equal(SmpError.Auth, (await proxy.ForwardAsync("SEND T hello", EntityId.Random())).Error);

        var correlation = EntityId.Random();
        var entity = EntityId.Random();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        byte[] command = proxy.Command(Send("hello"), entity, key, version: 20, correlation);
        Answer inner = (await proxy.ForwardBatchAsync(20, command)).Inner!;
        Assert.Equal((correlation, entity), (inner.Correlation, inner.Entity));

        byte[] odd = [3, 1, 2, 3, (byte)'0', .. command.AsSpan(command.Length - 62)];
        inner = (await proxy.ForwardBatchAsync(20, odd)).Inner!;
        Assert.Equal((SmpError.Block, EntityId.Empty), (inner.Error, inner.Entity));
        inner = (await proxy.ForwardBatchAsync(20, [1, 2])).Inner!;
        Assert.Equal((SmpError.Block, EntityId.Empty, EntityId.Empty), (inner.Error, inner.Correlation, inner.Entity));
        inner = (await proxy.ForwardContentAsync(20, [1, 0, 9])).Inner!;
        Assert.Equal((SmpError.Block, EntityId.Empty, EntityId.Empty), (inner.Error, inner.Correlation, inner.Entity));
    }

    [Fact]
    [Spec("S-347", "S-177")]
    public async Task Errors_of_forwarding_are_for_the_proxy()
    {
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);
        var id = EntityId.Random();
        Assert.Equal(SmpError.Crypto, Error(await proxy.SendAsync(id, [])));
        Assert.Equal(SmpError.Crypto, Error(await proxy.SendAsync(id, new byte[16330])));
        Assert.Equal(SmpError.Crypto, Error(await proxy.SendAsync(EntityId.Random(), proxy.Box(id, [0]))));
        Assert.Equal(CmdError.Syntax, Error(await proxy.SendAsync(id, proxy.Box(id, [0, 0, 20]))));
        Assert.Equal(CmdError.Syntax, Error(await wire.AskAsync("RFWD")));

        using var commandKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        byte[] unreadable = [0, 0, 20, 44, .. commandKey.Public.Spki, .. new byte[ForwardingSizes.Encrypted]];
        Assert.Equal(SmpError.Crypto, Error(await proxy.SendAsync(id, proxy.Box(id, unreadable))));
        byte[] smallOrder = [0, 0, 20, 44, .. commandKey.Public.Spki[..12], .. new byte[32], .. new byte[100]];
        Assert.Equal(SmpError.Crypto, Error(await proxy.SendAsync(id, proxy.Box(id, smallOrder))));

        byte[] command = proxy.Command(Send("hello"), EntityId.Random(), key: null, version: 20);
        Assert.Equal(SmpError.Block, (await proxy.ForwardBatchAsync(20, command, command)).Refusal);
    }

    [Fact]
    [Spec("S-347", "S-400")]
    public async Task Forwarding_needs_keys_and_nothing_else()
    {
        await using Wire keyless = await _router.ConnectWireAsync(sendSessionKey: false);
        Assert.Equal(NoAuth, await keyless.ErrorAsync("RFWD abc"));
        await using Wire old = await _router.ConnectWireAsync(version: 6);
        Assert.Equal(NoAuth, await old.ErrorAsync("RFWD abc"));

        // In v13 no hello can say that it comes from a proxy, and blocks are encrypted.
        await using Wire unmarked = await _router.ConnectProxyAsync(version: 13);
        Assert.Equal(SmpError.Auth, (await new TestProxy(unmarked).ForwardAsync(Send("hello"), EntityId.Random())).Error);

        // v7 has keys, and no commands for proxies: relays look at the keys alone.
        await using Wire seven = await _router.ConnectProxyAsync(version: 7);
        Assert.Equal(SmpError.Auth, (await new TestProxy(seven).ForwardAsync(Send("hello"), EntityId.Random())).Error);
    }

    [Fact]
    [Spec("S-019", "S-346", "S-351")]
    public async Task Correlation_ids_of_any_length_are_nonces()
    {
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);
        byte[] content = [1, 0, 10, 0, 2, 1, 2, 1, 7, .. "PING"u8];
        Forwarding answer = await proxy.ForwardContentAsync(20, content, EntityId.Empty, new EntityId([5, 6]));
        Assert.Equal(CmdError.HasAuth, answer.Error);
        Assert.Equal([1, 2], answer.Inner!.Correlation.ToArray());
        answer = await proxy.ForwardContentAsync(20, content, EntityId.Random(), new EntityId([.. Enumerable.Range(0, 25).Select(i => (byte)i)]));
        Assert.Null(answer.Refusal);
        answer = await proxy.ForwardContentAsync(20, content, new EntityId(new byte[255]));
        Assert.Equal(SmpError.Block, answer.Refusal);
    }

    [Fact]
    [Spec("S-137", "S-139")]
    public async Task What_one_client_proved_helps_no_other_client_of_the_proxy()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        await using Wire wire = await _router.ConnectProxyAsync();
        var proxy = new TestProxy(wire);
        await proxy.ForwardAsync(new SkeyCommand(key.Public), queue.SenderId, key);
        Assert.IsType<OkResponse>(await InnerAsync(proxy.ForwardAsync(Send("one"), queue.SenderId, key)));
        using var other = PrivateKey.Generate(KeyAlgorithm.X25519);
        Assert.Equal(SmpError.Auth, (await proxy.ForwardAsync(Send("other"), queue.SenderId, other)).Error);

        // The queue's keys change on another connection: nothing old is used here.
        await owner.Client.DeleteAsync(queue);
        Assert.Equal(SmpError.Auth, (await proxy.ForwardAsync(Send("two"), queue.SenderId, key)).Error);
    }

    private static SendCommand Send(string text) => new(Notify: false, System.Text.Encoding.ASCII.GetBytes(text));

    private static SmpError Error(SmpResponse response) => Assert.IsType<ErrResponse>(response).Error;

    private static async Task<SmpResponse> InnerAsync(Task<Forwarding> forwarding)
    {
        Forwarding answer = await forwarding;
        Assert.Null(answer.Refusal);
        return answer.Inner!.Response;
    }
}
