using SimplexActors.Client.Tests.Fakes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Client.Tests;

public sealed class ServiceTests
{
    private static readonly EntityId Id = EntityId.Random();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServiceRole.Messaging)]
    [InlineData(ServiceRole.Notifier)]
    [Spec("S-093", "S-098", "S-099", "S-100")]
    public async Task The_hello_of_a_service_carries_its_certificate_and_a_signed_key(ServiceRole role)
    {
        using ServiceCredentials credentials = await MakeAsync();
        await using FakeRouter router = Accepting();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(Options(role, credentials));
        await using SmpClient closed = client;
        ServiceHello hello = session.Hello!.Service!;
        Assert.Equal(role, hello.Role);
        Assert.Equal(session.TlsChain.Select(Convert.ToHexString), hello.Key.Chain.Select(der => Convert.ToHexString(der.Span)));
        Assert.Equal(KeyAlgorithm.Ed25519, hello.Key.Signed.Key.Algorithm);
        Assert.True(hello.Key.Signed.IsSignedBy(new CertificateChain(session.TlsChain).TryReadLeafKey()!));
        Assert.Equal((Id, role), (client.Service!.ServiceId, client.Service.Role));
    }

    [Theory]
    [InlineData(ServiceRole.Messaging, 18)]
    [InlineData(ServiceRole.Notifier, 15)]
    [Spec("S-100")]
    public async Task An_old_router_is_not_told_of_the_service(ServiceRole role, int version)
    {
        using ServiceCredentials credentials = await MakeAsync();
        await using var router = new FakeRouter(new VersionRange(6, (ushort)version)) { Service = new ServiceResponse.Accepted(Id) };
        (SmpClient client, FakeSession session) = await router.ConnectAsync(Options(role, credentials));
        await using SmpClient closed = client;
        Assert.Null(session.Hello!.Service);
        Assert.Null(client.Service);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.SubscribeServiceAsync(cancellation: Cancellation));
    }

    [Theory]
    [InlineData(TransportError.HandshakeBadAuth, ConnectProblem.ServiceNotAuthorised)]
    [InlineData(TransportError.HandshakeBadService, ConnectProblem.ServiceRefused)]
    [Spec("S-099", "S-102")]
    public async Task A_refusal_says_why(TransportError error, ConnectProblem problem)
    {
        using ServiceCredentials credentials = await MakeAsync();
        await using var router = new FakeRouter { Service = new ServiceResponse.Refused(error) };
        Task<FakeSession> accepting = router.AcceptAsync();
        SmpException failure = await Assert.ThrowsAsync<SmpException>(
            () => SmpClient.ConnectAsync(router.Address, Options(ServiceRole.Messaging, credentials), Cancellation));
        Assert.Equal(new ConnectFailed(problem), failure.Failure);
        Assert.NotEmpty(failure.Message);
        await accepting;
    }

    [Fact]
    [Spec("S-115", "S-135", "S-320")]
    public async Task What_makes_queues_the_services_own_is_signed_twice()
    {
        using ServiceCredentials credentials = await MakeAsync();
        await using FakeRouter router = Accepting();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(Options(ServiceRole.Messaging, credentials));
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue(KeyAlgorithm.X25519);
        using var notifier = new NotifierQueue(EntityId.Random(), PrivateKey.Generate(KeyAlgorithm.Ed25519));
        _ = client.SubscribeAsync(queue, Cancellation);
        await AssertSignedAsync(queue.Key);
        _ = client.SubscribeAsync(notifier, Cancellation);
        await AssertSignedAsync(notifier.Key);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        _ = client.CreateQueueAsync(new NewQueue { Key = key }, Cancellation);
        await AssertSignedAsync(key);
        _ = client.SuspendAsync(queue, Cancellation);
        FakeCommand plain = await session.ReceiveAsync();
        Assert.True(plain.IsAuthorisedBy(queue.Key));
        Assert.True(plain.Transmission.ServiceSignature.IsEmpty);

        async Task AssertSignedAsync(PrivateKey by)
        {
            FakeCommand command = await session.ReceiveAsync();
            Assert.True(session.Authorisation!.VerifyService(command.Transmission, session.Hello!.Service!.Key.Signed.Key));
            Assert.True(session.Authorisation.Verify(command.Transmission, [by.Public], credentials.Fingerprint.Span));
            Assert.False(command.IsAuthorisedBy(by));
        }
    }

    [Theory]
    [InlineData(ServiceRole.Messaging)]
    [InlineData(ServiceRole.Notifier)]
    [Spec("S-144", "S-147", "S-165", "S-191")]
    public async Task One_command_subscribes_to_everything(ServiceRole role)
    {
        using ServiceCredentials credentials = await MakeAsync();
        await using FakeRouter router = Accepting();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(Options(role, credentials));
        await using SmpClient closed = client;
        var expected = new ServiceQueues(3, new EntityId(new byte[16]));
        Task<ServiceQueues> subscribing = client.SubscribeServiceAsync(expected, Cancellation).AsTask();
        FakeCommand command = await session.ReceiveAsync();
        Assert.Equal(role is ServiceRole.Messaging ? new SubsCommand(expected) : new NsubsCommand(expected), command.Command);
        Assert.Equal(Id, command.Entity);
        Assert.True(command.Transmission.ServiceSignature.IsEmpty);
        Assert.True(session.Authorisation!.Verify(command.Transmission, [session.Hello!.Service!.Key.Signed.Key]));
        var stored = new ServiceQueues(4, new EntityId(new byte[16]));
        await command.AnswerAsync(new SoksResponse(stored));
        Assert.Equal(stored, await subscribing);
    }

    [Fact]
    [Spec("S-193", "S-200", "S-316")]
    public async Task Queues_that_the_client_knows_are_reported_again_and_again()
    {
        using ServiceCredentials credentials = await MakeAsync();
        await using FakeRouter router = Accepting();
        (SmpClient client, FakeSession session) = await router.ConnectAsync(Options(ServiceRole.Messaging, credentials));
        await using SmpClient closed = client;
        using RecipientQueue queue = Samples.Queue();
        client.Know(queue);
        var had = new ServiceQueues(1, new EntityId(new byte[16]));
        await session.SendEventAsync(queue.RecipientId, Samples.Message("one"));
        await session.SendEventAsync(queue.RecipientId, EndResponse.Instance);
        await session.SendEventAsync(queue.RecipientId, Samples.Message("two"));
        await session.SendEventAsync(EntityId.Empty, AllsResponse.Instance);
        await session.SendEventAsync(Id, new EndsResponse(had));
        await session.SendEventAsync(queue.RecipientId, DeldResponse.Instance);
        await session.SendEventAsync(queue.RecipientId, Samples.Message("three"));
        await session.DisposeAsync();

        List<SmpEvent> events = await client.Events.ToListAsync(Cancellation);
        Assert.Equal("one", Assert.IsType<MessageReceived>(events[0]).Message.Text());
        Assert.IsType<SubscriptionEnded>(events[1]);
        Assert.Equal("two", Assert.IsType<MessageReceived>(events[2]).Message.Text());
        Assert.IsType<ServiceDelivered>(events[3]);
        Assert.Equal(new ServiceEnded(had), events[4]);
        Assert.IsType<QueueDeleted>(events[5]);
        Assert.IsType<OtherEvent>(events[6]);
    }

    [Fact]
    [Spec("S-062", "S-098")]
    public async Task Credentials_must_fit_each_other()
    {
        (string certificates, string key) = await TestChain.CreatePemAsync(2, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        (string others, string otherKey) = await TestChain.CreatePemAsync(1, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        Assert.Throws<CredentialException>(() => ServiceCredentials.FromPem(certificates, otherKey));
        Assert.Throws<CredentialException>(() => ServiceCredentials.FromPem("", key));
        Assert.Throws<CredentialException>(() => ServiceCredentials.FromPem(certificates, ""));
        using var alone = ServiceCredentials.FromPem(others, otherKey);
        using var chained = ServiceCredentials.FromPem(certificates, key);
        Assert.Equal(new CertificateChain(chained.Certificate.Chain).IdentityFingerprint(), chained.Fingerprint.ToArray());
        Assert.Equal(32, alone.Fingerprint.Length);
    }

    private static FakeRouter Accepting() => new() { Service = new ServiceResponse.Accepted(Id) };

    private static SmpClientOptions Options(ServiceRole role, ServiceCredentials credentials) => new() { Service = new ServiceLogin(role, credentials) };

    private static async Task<ServiceCredentials> MakeAsync()
    {
        (string certificates, string key) = await TestChain.CreatePemAsync(2, KeyAlgorithm.Ed25519, days: 30, Cancellation);
        return ServiceCredentials.FromPem(certificates, key);
    }
}
