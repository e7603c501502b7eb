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

namespace SimplexActors.Acceptance.Services;

/// <summary>Which commands a service may send, and who has to sign them.</summary>
public sealed class ServiceCommandTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Fact]
    [Spec("S-135", "S-139", "S-142", "S-185", "S-216", "S-235", "S-320", "S-423")]
    public async Task A_service_signs_what_makes_queues_its_own_and_nothing_else()
    {
        using TestService service = await TestService.CreateAsync();
        await using Wire wire = await service.ConnectWireAsync(_router);
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        NewCommand create = New(key);
        Assert.Equal(SmpError.Service, await wire.ErrorAsync(wire.Command(create, EntityId.Empty, key)));
        Answer answer = Assert.Single(await wire.AskAsync(wire.ServiceCommand(create, EntityId.Empty, key)));
        var ids = Assert.IsType<IdsResponse>(answer.Response);
        Assert.Equal(wire.Connection.Service!.ServiceId, ids.ServiceId);

        Assert.Equal(SmpError.Service, await wire.ErrorAsync(wire.Command(SubCommand.Instance, ids.RecipientId, key)));
        answer = Assert.Single(await wire.AskAsync(wire.ServiceCommand(SubCommand.Instance, ids.RecipientId, key)));
        Assert.Equal(new SokResponse(wire.Connection.Service.ServiceId), answer.Response);
        Assert.Equal(SmpError.Service, await wire.ErrorAsync(wire.ServiceCommand(OffCommand.Instance, ids.RecipientId, key)));
        Assert.IsType<OkResponse>(Assert.Single(await wire.AskAsync(wire.Command(OffCommand.Instance, ids.RecipientId, key))).Response);
    }

    [Fact]
    [Spec("S-135", "S-139", "S-183", "S-185")]
    public async Task Both_signatures_must_be_right()
    {
        using TestService service = await TestService.CreateAsync();
        await using Wire wire = await service.ConnectWireAsync(_router);
        await using Wire other = await service.ConnectWireAsync(_router);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var wrong = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        EntityId queue = await CreateAsync(wire, key);

        Assert.Equal(SmpError.Auth, await wire.ErrorAsync(wire.ServiceCommand(SubCommand.Instance, queue, wrong)));
        Assert.Equal(SmpError.Auth, await wire.ErrorAsync(wire.ServiceCommand(SubCommand.Instance, EntityId.Random(), key)));
        Assert.Equal(SmpError.Auth, await wire.ErrorAsync(wire.Command(SubCommand.Instance, EntityId.Random(), key)));

        // Made for another session of the same service: its key, and its session id, are others.
        Assert.Equal(SmpError.Service, await wire.ErrorAsync(other.ServiceCommand(SubCommand.Instance, queue, key)));
    }

    [Fact]
    [Spec("S-115", "S-185", "S-424", "S-430")]
    public async Task Nobody_else_may_add_the_signature_of_a_service()
    {
        using TestService service = await TestService.CreateAsync();
        await using Wire wire = await service.ConnectWireAsync(_router);
        await using Wire plain = await _router.ConnectWireAsync();
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Assert.Equal(SmpError.Service, await plain.ErrorAsync(Signed(New(key), EntityId.Empty, key)));
        Assert.Equal(SmpError.Service, await plain.ErrorAsync(Signed(SubCommand.Instance, queue.RecipientId, queue.Key)));
        Assert.Equal(SmpError.Service, await plain.ErrorAsync(Signed(NsubCommand.Instance, notifications.Notifier.NotifierId, notifications.Notifier.Key)));
        Assert.Equal(SmpError.Service, await plain.ErrorAsync(Signed(QueCommand.Instance, queue.RecipientId, queue.Key)));

        byte[] Signed(SmpCommand command, EntityId entity, PrivateKey by) => plain.ServiceCommand(command, entity, by, wire.Connection.Service!.Signer);
    }

    [Fact]
    [Spec("S-144", "S-147", "S-182", "S-216", "S-423", "S-424")]
    public async Task SUBS_is_for_the_service_itself_by_its_session_key()
    {
        using TestService service = await TestService.CreateAsync();
        await using Wire wire = await service.ConnectWireAsync(_router);
        await using Wire plain = await _router.ConnectWireAsync();
        ClientService session = wire.Connection.Service!;
        var subs = new SubsCommand(TestService.Queues());
        using var wrong = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var box = PrivateKey.Generate(KeyAlgorithm.X25519);
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(wire.Command(subs, EntityId.Empty, session.SessionKey)));
        Assert.Equal(CmdError.NoAuth, await wire.ErrorAsync(wire.Command(subs, session.ServiceId)));
        Assert.Equal(SmpError.Service, await wire.ErrorAsync(wire.Command(subs, EntityId.Random(), session.SessionKey)));
        Assert.Equal(SmpError.Service, await wire.ErrorAsync(wire.Command(subs, session.ServiceId, wrong)));
        Assert.Equal(SmpError.Service, await wire.ErrorAsync(wire.Command(subs, session.ServiceId, box)));
        Assert.Equal(SmpError.Service, await wire.ErrorAsync(wire.ServiceCommand(subs, session.ServiceId, session.SessionKey)));
        Assert.Equal(SmpError.Service, await plain.ErrorAsync(plain.Command(subs, session.ServiceId, session.SessionKey)));
        Assert.Equal(SmpError.Service, await plain.ErrorAsync(plain.Command(new NsubsCommand(TestService.Queues()), session.ServiceId, wrong)));

        IReadOnlyList<Answer> answers = await AskAllAsync(wire, wire.Command(subs, session.ServiceId, session.SessionKey), count: 2);
        Assert.Equal((session.ServiceId, new SoksResponse(TestService.Queues())), (answers[0].Entity, answers[0].Response));
        Assert.Equal((EntityId.Empty, EntityId.Empty), (answers[1].Entity, answers[1].Correlation));
        Assert.IsType<AllsResponse>(answers[1].Response);
    }

    [Theory]
    [InlineData(ServiceRole.Messaging, "NSUB RFWD")]
    [InlineData(ServiceRole.Notifier, "NEW SUB KEY GET ACK SEND SKEY LGET RSLV PRXY RFWD SUBS")]
    [InlineData(ServiceRole.Proxy, "NEW SUB SEND NSUB SUBS NSUBS PRXY RSLV")]
    [Spec("S-183", "S-309")]
    public async Task A_role_has_its_commands(ServiceRole role, string prohibited)
    {
        using TestService service = await TestService.CreateAsync(role);
        await using Wire wire = await service.ConnectWireAsync(_router);
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(
            new NewQueue { Mode = QueueMode.Contact, Link = new LinkData("f"u8.ToArray(), "u"u8.ToArray()), LinkId = EntityId.Random() });
        QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
        ClientService session = wire.Connection.Service!;
        foreach (string tag in prohibited.Split(' '))
        {
            byte[] command = tag switch
            {
                "NEW" => wire.ServiceCommand(New(queue.Key), EntityId.Empty, queue.Key),
                "SUB" => wire.ServiceCommand(SubCommand.Instance, queue.RecipientId, queue.Key),
                "KEY" => wire.Command(new KeyCommand(queue.Key.Public), queue.RecipientId, queue.Key),
                "GET" => wire.Command(GetCommand.Instance, queue.RecipientId, queue.Key),
                "ACK" => wire.Command(new AckCommand(EntityId.Empty), queue.RecipientId, queue.Key),
                "SEND" => wire.Command(new SendCommand(false, "x"u8.ToArray()), queue.SenderId),
                "SKEY" => wire.Command(new SkeyCommand(queue.Key.Public), queue.SenderId, queue.Key),
                "LGET" => wire.Command(LgetCommand.Instance, queue.LinkId!.Value),
                "NSUB" => wire.ServiceCommand(NsubCommand.Instance, notifications.Notifier.NotifierId, notifications.Notifier.Key),
                "SUBS" => wire.Command(new SubsCommand(TestService.Queues()), session.ServiceId, session.SessionKey),
                "NSUBS" => wire.Command(new NsubsCommand(TestService.Queues()), session.ServiceId, session.SessionKey),
                "RFWD" => wire.Command("RFWD xyz"),
                "RSLV" => wire.Command("RSLV alice.simplex"),
                _ => wire.Command(new PrxyCommand(_router.Address.Hosts, _router.Address.Port, _router.Address.Fingerprint, null), EntityId.Empty),
            };
            Assert.Equal((tag, CmdError.Prohibited), (tag, await wire.ErrorAsync(command)));
        }

        Assert.IsType<PongResponse>(await wire.AskAsync("PING"));
        Assert.Equal(SmpError.Auth, await wire.ErrorAsync(wire.Command(new SendCommand(false, "x"u8.ToArray()), EntityId.Random(), queue.Key)));
    }

    [Fact]
    [Spec("S-231", "S-234")]
    public async Task A_service_subscribes_to_the_queues_that_it_creates()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer peer = await service.ConnectAsync(_router);
        Assert.Equal(CmdError.Prohibited, await peer.Client.CreateQueueAsync(new NewQueue { Subscribe = false }).ErrorAsync());
        using RecipientQueue queue = await peer.Client.CreateQueueAsync();
        await using Peer sender = await _router.ConnectAsync();
        await sender.Client.SendAsync(queue.Unsecured(), "hello");
        Assert.Equal("hello", await peer.ReceiveAsync(queue));
    }

    private static NewCommand New(PrivateKey key)
    {
        using var dhKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        return new NewCommand(key.Public, dhKey.Public, null, true, QueueMode.Messaging, null, null);
    }

    private static async Task<EntityId> CreateAsync(Wire wire, PrivateKey key) =>
        Assert.IsType<IdsResponse>(Assert.Single(await wire.AskAsync(wire.ServiceCommand(New(key), EntityId.Empty, key))).Response).RecipientId;

    private static async Task<IReadOnlyList<Answer>> AskAllAsync(Wire wire, byte[] command, int count)
    {
        await wire.SendAsync(command);
        return await wire.ReceiveAsync(count);
    }
}
