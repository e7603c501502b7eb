using System.Text;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Services;

/// <summary>How a client service proves who it is, and how the router remembers it.</summary>
public sealed class ServiceHandshakeTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(1, KeyAlgorithm.Ed25519)]
    [InlineData(2, KeyAlgorithm.Ed448)]
    [InlineData(3, KeyAlgorithm.Ed25519)]
    [InlineData(4, KeyAlgorithm.Ed25519)]
    [Spec("S-056", "S-058", "S-062", "S-093", "S-098", "S-099", "S-101", "S-112")]
    public async Task A_certificate_always_names_the_same_service(int chainLength, KeyAlgorithm algorithm)
    {
        using TestService service = await TestService.CreateAsync(chainLength: chainLength, algorithm: algorithm);
        using TestService other = await TestService.CreateAsync(chainLength: chainLength, algorithm: algorithm);
        await using Peer first = await service.ConnectAsync(_router);
        await using Peer second = await service.ConnectAsync(_router);
        await using Peer foreign = await other.ConnectAsync(_router);
        EntityId id = first.Client.Service!.ServiceId;
        Assert.Equal(24, id.Length);
        Assert.Equal(id, second.Client.Service!.ServiceId);
        Assert.NotEqual(id, foreign.Client.Service!.ServiceId);
        await first.Client.PingAsync();
    }

    [Theory]
    [InlineData(ServiceRole.Messaging)]
    [InlineData(ServiceRole.Notifier)]
    [InlineData(ServiceRole.Proxy)]
    [Spec("S-093", "S-098", "S-099", "S-101", "S-102")]
    public async Task A_service_keeps_its_role(ServiceRole role)
    {
        using TestService service = await TestService.CreateAsync(role);
        await using Peer known = await service.ConnectAsync(_router);
        ServiceRole another = role is ServiceRole.Messaging ? ServiceRole.Notifier : ServiceRole.Messaging;
        Assert.Equal(ConnectProblem.ServiceRefused, await FailAsync(service.Options() with { Service = service.Login with { Role = another } }));
        await using Peer again = await service.ConnectAsync(_router);
        Assert.Equal(known.Client.Service!.ServiceId, again.Client.Service!.ServiceId);
    }

    [Fact]
    [Spec("S-098", "S-099")]
    public async Task The_certificates_must_be_those_of_TLS()
    {
        using TestService service = await TestService.CreateAsync();
        using TestService other = await TestService.CreateAsync();
        Assert.Equal(
            ConnectProblem.ServiceNotAuthorised,
            await FailAsync(service.Options() with { Certificate = other.Login.Credentials.Certificate }));
    }

    [Fact]
    [Spec("S-098", "S-099")]
    public async Task The_certificate_must_have_signed_the_session_key()
    {
        using TestService service = await TestService.CreateAsync();
        using var forger = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        var forged = new ServiceCredentials(service.Login.Credentials.Certificate, forger);
        Assert.Equal(
            ConnectProblem.ServiceNotAuthorised,
            await FailAsync(service.Options() with { Service = service.Login with { Credentials = forged } }));
    }

    [Fact]
    [Spec("S-098", "S-099", "S-102", "S-112")]
    public async Task Without_a_TLS_certificate_the_third_block_says_why_and_the_connection_ends()
    {
        using TestService service = await TestService.CreateAsync();
        await using RawSession raw = await RawSession.ConnectAsync(_router);
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        var certified = new CertifiedKey(
            [.. service.Login.Credentials.Certificate.Chain.Select(der => (ReadOnlyMemory<byte>)der)],
            SignedKey.Sign(key.Public, service.Login.Credentials.SigningKey));
        await raw.SayAsync(new ClientHello(
            SmpVersion.Current, _router.Address.Fingerprint.ToArray(), Key: null, ProxyServer: false, new ServiceHello(ServiceRole.Messaging, certified)));
        using var plain = new BlockDecoder();
        Assert.Equal("EHANDSHAKE BAD_AUTH", Encoding.ASCII.GetString((await raw.ReceiveAsync(plain)).Span));
        Assert.Equal(0, await raw.Stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    [Spec("S-098", "S-101", "S-373")]
    public async Task A_service_is_known_after_a_kill()
    {
        using var folder = new TemporaryFolder();
        using TestService service = await TestService.CreateAsync();
        EntityId id;
        await using (TestRouter before = await TestRouter.StartAsync(folder.Path))
        {
            await using Peer first = await service.ConnectAsync(before);
            id = first.Client.Service!.ServiceId;
            before.Program.Signal(RouterProgram.Sigkill);
            await before.Program.ExitAsync();
        }

        await using TestRouter after = await TestRouter.StartAsync(folder.Path);
        await using Peer again = await service.ConnectAsync(after);
        Assert.Equal(id, again.Client.Service!.ServiceId);
    }

    [Fact]
    [Spec("S-101")]
    public async Task A_service_that_connects_many_times_at_once_is_made_once()
    {
        using TestService service = await TestService.CreateAsync();
        Peer[] peers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => service.ConnectAsync(_router)));
        Assert.Single(peers.Select(peer => peer.Client.Service!.ServiceId).Distinct());
        foreach (Peer peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(ServiceRole.Messaging, 18)]
    [InlineData(ServiceRole.Notifier, 15)]
    [Spec("S-084", "S-100")]
    public async Task A_client_does_not_say_that_it_is_a_service_in_versions_without(ServiceRole role, int version)
    {
        using TestService service = await TestService.CreateAsync(role);
        await using Peer plain = await service.ConnectAsync(_router, version);
        Assert.Null(plain.Client.Service);
        await using Peer said = await service.ConnectAsync(_router, version + 1);
        Assert.NotNull(said.Client.Service);
    }

    private async Task<ConnectProblem> FailAsync(SmpClientOptions options)
    {
        SmpException failure = await Assert.ThrowsAsync<SmpException>(
            () => SmpClient.ConnectAsync(_router.Address, options, TestContext.Current.CancellationToken));
        return Assert.IsType<ConnectFailed>(failure.Failure).Problem;
    }
}
