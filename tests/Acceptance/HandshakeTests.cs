using System.Security.Cryptography;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>The first blocks of a connection.</summary>
public sealed class HandshakeTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> WrongHellos => ["unpadded", "empty", "cut", "other router", "version 5", "version 21"];

    [Theory]
    [MemberData(nameof(WrongHellos))]
    [Spec("S-094", "S-095", "S-096")]
    public async Task After_a_wrong_hello_the_connection_is_closed_without_a_word(string kind)
    {
        await using TlsStream stream = await _router.ConnectTlsAsync();
        await ReadHelloAsync(stream);
        byte[] fingerprint = _router.Address.Fingerprint.ToArray();
        byte[] block = kind switch
        {
            "unpadded" => Enumerable.Repeat((byte)0xFF, Block.Length).ToArray(),
            "empty" => Padded([]),
            "cut" => Padded([0, 20, 32, 1, 2]),
            "other router" => Hello(20, RandomNumberGenerator.GetBytes(32)),
            "version 5" => Hello(5, fingerprint),
            _ => Hello(21, fingerprint),
        };
        await stream.WriteAsync(block, Cancellation);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));

        await using Peer other = await _router.ConnectAsync();
        await other.Client.PingAsync();
    }

    [Fact]
    [Spec("S-070", "S-081", "S-096", "S-469")]
    public async Task The_router_offers_versions_6_to_20_and_takes_each()
    {
        for (int version = SmpVersion.Lowest; version <= SmpVersion.Current; version++)
        {
            await using Peer peer = await _router.ConnectAsync(version);
            Assert.Equal((version, new VersionRange(6, 20)), (peer.Client.Version, peer.Client.RouterVersions));
            await peer.Client.PingAsync();
        }
    }

    [Fact]
    [Spec("S-053", "S-071", "S-097")]
    public async Task Without_an_application_protocol_only_version_6_is_spoken()
    {
        var options = new SmpClientOptions { ApplicationProtocols = [] };
        await using SmpClient client = await SmpClient.ConnectAsync(_router.Address, options, Cancellation);
        Assert.Equal((6, new VersionRange(6, 6)), (client.Version, client.RouterVersions));
        await client.PingAsync(Cancellation);
        var refused = await Assert.ThrowsAsync<SmpException>(
            () => SmpClient.ConnectAsync(_router.Address, options with { MinVersion = 7 }, Cancellation));
        Assert.Equal(new ConnectFailed(ConnectProblem.Version), refused.Failure);
    }

    [Fact]
    [Spec("S-059", "S-097")]
    public async Task Old_and_new_transport_security_bind_the_session()
    {
        await using SmpClient old = await SmpClient.ConnectAsync(_router.Address, new SmpClientOptions { OnlyTls12 = true }, Cancellation);
        await using SmpClient current = await SmpClient.ConnectAsync(_router.Address, new SmpClientOptions(), Cancellation);
        Assert.Equal((12, 32), (old.SessionId.Length, current.SessionId.Length));
        await old.PingAsync(Cancellation);
        await current.PingAsync(Cancellation);
    }

    private static async Task ReadHelloAsync(TlsStream stream)
    {
        byte[] block = new byte[Block.Length];
        await stream.ReadExactlyAsync(block, Cancellation);
        using var decoder = new BlockDecoder();
        Assert.True(decoder.TryDecode(block, out ReadOnlyMemory<byte> content));
        ServerHello hello = ServerHello.TryParse(content.Span)!;
        Assert.Equal(stream.SessionId.ToArray(), hello.SessionId.ToArray());
    }

    private static byte[] Hello(ushort version, byte[] fingerprint)
    {
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        return Padded(Bytes(new ClientHello(version, fingerprint, key.Public, ProxyServer: false, Service: null)));
    }

    private static byte[] Bytes(ClientHello hello)
    {
        byte[] bytes = new byte[Block.MaxPlainContent];
        var writer = new WireWriter(bytes);
        hello.Write(ref writer);
        return writer.Written.ToArray();
    }

    private static byte[] Padded(byte[] content)
    {
        byte[] block = new byte[Block.Length];
        using var encoder = new BlockEncoder();
        content.CopyTo(encoder.ContentOf(block));
        encoder.Encode(block, content.Length);
        return block;
    }
}
