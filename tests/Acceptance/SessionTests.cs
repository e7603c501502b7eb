using System.Security.Cryptography;
using System.Text;
using SimplexActors.Acceptance.Support;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Keys and blocks of a session, as they are on the wire.</summary>
public sealed class SessionTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    private byte[] Fingerprint => _router.Address.Fingerprint.ToArray();

    [Fact]
    [Spec("S-068")]
    public async Task Every_connection_has_a_session_key_of_its_own_signed_by_the_leaf()
    {
        await using RawSession first = await RawSession.ConnectAsync(_router);
        await using RawSession second = await RawSession.ConnectAsync(_router);
        foreach (RawSession session in (RawSession[])[first, second])
        {
            CertifiedKey key = session.Hello.Key!;
            Assert.Equal(KeyAlgorithm.X25519, key.Signed.Key.Algorithm);
            Assert.True(key.Signed.IsSignedBy(new CertificateChain(session.Stream.PeerChain).TryReadLeafKey()!));
            Assert.Equal(session.Stream.PeerChain, key.Chain.Select(certificate => certificate.ToArray()));
            Assert.Equal(Fingerprint, SHA256.HashData(key.Chain[1].Span));
        }

        Assert.NotEqual(first.Hello.Key!.Signed.Key, second.Hello.Key!.Signed.Key);
    }

    [Fact]
    [Spec("S-073", "S-104", "S-112")]
    public async Task Every_block_has_16384_bytes_and_only_those_after_the_handshake_are_encrypted()
    {
        await using RawSession session = await RawSession.ConnectAsync(_router);
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        await session.SayAsync(new ClientHello(20, Fingerprint, key.Public, ProxyServer: false, Service: null));
        var (encoder, decoder) = BlockEncryption.TryStart(
            SessionRole.Client, session.Stream.SessionId.Span, key, session.Hello.Key!.Signed.Key)!.Value;
        for (int i = 0; i < 3; i++)
        {
            Assert.IsType<PongResponse>(await session.AskAsync(encoder, decoder, 20, "PING"));
        }
    }

    [Fact]
    [Spec("S-112")]
    public async Task The_third_block_that_services_get_is_not_encrypted()
    {
        await using RawSession session = await RawSession.ConnectAsync(_router);
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        using var serviceKey = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using var certificate = new TestCredentials();
        var certified = new CertifiedKey(
            [.. certificate.Router.Credential.Chain.Select(der => (ReadOnlyMemory<byte>)der)], SignedKey.Sign(serviceKey.Public, serviceKey));
        await session.SayAsync(
            new ClientHello(20, Fingerprint, key.Public, ProxyServer: false, new ServiceHello(ServiceRole.Messaging, certified)));
        using var plain = new BlockDecoder();
        Assert.StartsWith("EHANDSHAKE ", Encoding.ASCII.GetString((await session.ReceiveAsync(plain)).Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(20)]
    [Spec("S-082", "S-106", "S-400")]
    public async Task Who_says_to_be_a_proxy_gets_plain_blocks_and_no_other_answers(int version)
    {
        var answers = new List<SmpResponse[]>();
        foreach (bool isProxy in (bool[])[true, false])
        {
            await using RawSession session = await RawSession.ConnectAsync(_router);
            using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
            await session.SayAsync(new ClientHello((ushort)version, Fingerprint, key.Public, isProxy, Service: null));
            var (encoder, decoder) = isProxy
                ? (new BlockEncoder(), new BlockDecoder())
                : BlockEncryption.TryStart(SessionRole.Client, session.Stream.SessionId.Span, key, session.Hello.Key!.Signed.Key)!.Value;
            answers.Add(
            [
                await session.AskAsync(encoder, decoder, (ushort)version, "PING"),
                await session.AskAsync(encoder, decoder, (ushort)version, "SUB"),
                await session.AskAsync(encoder, decoder, (ushort)version, "RFWD forwarded"),
            ]);
        }

        Assert.IsType<PongResponse>(answers[0][0]);
        Assert.Equal(answers[0], answers[1]);
    }
}
