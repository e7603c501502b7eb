using System.Security.Cryptography;
using System.Text.Json;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Transport;

/// <summary>A recorded command on its whole way: client, proxy, relay and back.</summary>
public class ForwardingTests
{
    private static readonly JsonElement Recorded = Vectors.TransportFile.GetProperty("proxy_chain");
    private static readonly EntityId FwdCorrelation = new(Recorded.Hex("client_corr_id"));
    private static readonly EntityId RfwdCorrelation = new(Recorded.Hex("proxy_corr_id"));
    private static readonly ushort Version = (ushort)Recorded.Number("forwarded_version");

    [Fact]
    [Spec("S-345", "S-118")]
    public void The_client_makes_the_recorded_command()
    {
        var format = new TransmissionFormat(Version, Recorded.Hex("proxy_relay_session_id"));
        byte[] box = new byte[ForwardingSizes.Encrypted];
        var batch = new BlockWriter(ClientLayer.BatchOf(box));
        WireWriter writer = batch.Open();
        using PrivateKey sender = PrivateKey.FromRaw(KeyAlgorithm.Ed25519, SenderKey());
        using CommandKey key = CommandKey.TryCreate(sender, RelayKey().Public)!;
        TransmissionWriter.WriteCommand(
            ref writer, format, FwdCorrelation, new EntityId(Recorded.Hex("entity_id")), Recorded.Hex("1_command"), key);
        Assert.True(batch.TryClose(writer));
        Assert.Equal(Recorded.Hex("1_batch"), ClientLayer.BatchOf(box)[..batch.ContentLength].ToArray());
        Assert.Equal(Recorded.Hex("1_authorized_bytes"), AuthorisedBy(format));

        ClientLayer.Seal(ClientSecret(), Nonce(FwdCorrelation), box, batch.ContentLength);
        AssertIs("2_enc_transmission", box);
        AssertIs("2_pfwd_command", Written(new PfwdCommand(Version, KeyOfCommand().Public, box)));
    }

    [Fact]
    [Spec("S-346")]
    public void The_proxy_wraps_it_as_recorded()
    {
        AssertIs("3_rfwd_command", Written(new RfwdCommand(Wrapped())));
    }

    [Fact]
    [Spec("S-346", "S-347", "S-345")]
    public void The_relay_opens_both_layers()
    {
        Assert.True(ProxyLayer.TryOpen(SessionSecret(), Nonce(RfwdCorrelation), Wrapped(), out Memory<byte> opened));
        AssertIs("3_fwd_transmission", opened.ToArray());
        ForwardedCommand command = ProxyLayer.ReadCommand(opened)!;
        Assert.Equal((FwdCorrelation, Version), (command.CorrelationId, command.Version));
        Assert.Equal(KeyOfCommand().Public, command.CommandKey);
        Assert.True(BoxKey.TryAgree(RelayKey(), command.CommandKey, out BoxKey secret));
        Assert.True(ClientLayer.TryOpen(secret, Nonce(command.CorrelationId), command.Encrypted, out Memory<byte> batch));
        Assert.Equal(Recorded.Hex("1_batch"), batch.ToArray());
    }

    [Fact]
    [Spec("S-350", "S-352", "S-455")]
    public void The_answer_goes_back_as_recorded()
    {
        byte[] rres = Answer();
        AssertIs("5_rres", Written(new RresResponse(rres)));

        byte[] nonce = new byte[SecretBox.NonceLength];
        ForwardingNonce.OfResponse(RfwdCorrelation, nonce);
        Assert.Equal(Recorded.Hex("5_rres_nonce"), nonce);
        Assert.True(ProxyLayer.TryOpen(SessionSecret(), nonce, rres, out Memory<byte> opened));
        AssertIs("5_fwd_response", opened.ToArray());
        byte[] encrypted = ProxyLayer.ReadResponse(opened)!.Value.ToArray();
        AssertIs("4_enc_response", encrypted);
        AssertIs("6_pres", Written(new PresResponse(encrypted)));

        ForwardingNonce.OfResponse(FwdCorrelation, nonce);
        Assert.Equal(Recorded.Hex("4_response_nonce"), nonce);
        Assert.True(ClientLayer.TryOpen(ClientSecret(), nonce, encrypted, out Memory<byte> batch));
        Assert.Equal(Recorded.Hex("4_response_batch"), batch.ToArray());
    }

    [Fact]
    [Spec("S-029", "S-347")]
    public void Changed_boxes_and_other_keys_open_nothing()
    {
        byte[] wrapped = Wrapped();
        wrapped[^1] ^= 1;
        Assert.False(ProxyLayer.TryOpen(SessionSecret(), Nonce(RfwdCorrelation), wrapped, out _));
        Assert.False(ProxyLayer.TryOpen(ClientSecret(), Nonce(RfwdCorrelation), Wrapped(), out _));
        Assert.False(ProxyLayer.TryOpen(SessionSecret(), Nonce(RfwdCorrelation), new byte[SecretBox.TagLength - 1], out _));
        Assert.False(ClientLayer.TryOpen(ClientSecret(), Nonce(FwdCorrelation), new byte[ForwardingSizes.Encrypted], out _));

        byte[] badPadding = new byte[SecretBox.TagLength + 3];
        badPadding[SecretBox.TagLength + 1] = 2;
        SecretBox.Seal(ClientSecret(), Nonce(FwdCorrelation), badPadding);
        Assert.False(ClientLayer.TryOpen(ClientSecret(), Nonce(FwdCorrelation), badPadding, out _));
    }

    [Theory]
    [Spec("S-346", "S-347")]
    [InlineData("")]
    [InlineData("0101")]
    [InlineData("01010014")]
    [InlineData("0101001402aabb")]
    public void A_malformed_forwarded_command_is_none(string opened) =>
        Assert.Null(ProxyLayer.ReadCommand(Convert.FromHexString(opened)));

    [Fact]
    [Spec("S-014", "S-016", "S-346")]
    public void A_command_key_of_another_algorithm_is_none()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Assert.Null(ProxyLayer.ReadCommand((byte[])[1, 7, 0, 20, 44, .. key.Public.Spki, 1, 2, 3]));
    }

    [Fact]
    [Spec("S-352")]
    public void A_malformed_response_is_none()
    {
        Assert.Null(ProxyLayer.ReadResponse(new byte[] { 3, 1, 2 }));
        Assert.Empty(ProxyLayer.ReadResponse(new byte[] { 2, 1, 2 })!.Value.ToArray());
    }

    [Theory]
    [Spec("S-019")]
    [InlineData("0102", "010200000000000000000000000000000000000000000000")]
    [InlineData("0102030405060708090a0b0c0d0e0f101112131415161718191a", "0102030405060708090a0b0c0d0e0f101112131415161718")]
    public void Nonces_are_made_of_correlation_ids_of_any_length(string correlation, string expected)
    {
        var id = new EntityId(Convert.FromHexString(correlation));
        byte[] nonce = new byte[SecretBox.NonceLength];
        ForwardingNonce.OfCommand(id, nonce);
        Assert.Equal(Convert.FromHexString(expected), nonce);
        ForwardingNonce.OfResponse(id, nonce);
        Assert.Equal(Convert.FromHexString(expected).Reverse(), nonce);
    }

    [Fact]
    [Spec("S-128", "S-129", "S-130", "S-131", "S-132")]
    public void The_largest_message_fits_at_every_step()
    {
        var relay = new TransmissionFormat(20, new byte[32]);
        var batch = new BlockWriter(new byte[ForwardingSizes.MaxBatch]);
        WireWriter inner = batch.Open();
        using PrivateKey signer = PrivateKey.Generate(KeyAlgorithm.Ed448);
        using CommandKey key = CommandKey.TryCreate(signer, routerKey: null)!;
        byte[] send = Written(new SendCommand(Notify: false, new byte[16048]));
        TransmissionWriter.WriteCommand(ref inner, relay, EntityId.Random(), EntityId.Random(), send, key);
        Assert.True(batch.TryClose(inner));
        Assert.Equal(ForwardingSizes.MaxBatch, batch.ContentLength);

        var encrypted = new byte[ForwardingSizes.Encrypted];
        var pfwd = new PfwdCommand(20, KeyOfCommand().Public, encrypted);
        Assert.Equal(16355, Transmitted(Written(pfwd), new EntityId(relay.SessionId)));
        byte[] rfwd = new byte[ProxyLayer.LengthOfCommand(EntityId.Random(), pfwd)];
        Assert.Equal(16364, Transmitted(Written(new RfwdCommand(rfwd)), EntityId.Empty));
        byte[] rres = new byte[ProxyLayer.LengthOfResponse(EntityId.Random(), encrypted.Length)];
        Assert.Equal(16317, Transmitted(Written(new RresResponse(rres)), EntityId.Empty));
        Assert.Equal(16308, Transmitted(Written(new PresResponse(encrypted)), new EntityId(relay.SessionId)));
    }

    private static int Transmitted(byte[] command, EntityId entity)
    {
        var writer = new WireWriter(new byte[Block.Length]);
        TransmissionWriter.WriteHead(ref writer, new TransmissionFormat(20, new byte[32]), EntityId.Random(), entity);
        writer.Write(command);
        int length = sizeof(ushort) + writer.Length;
        Assert.True(!writer.Overflowed && length <= Block.MaxTransmissions);
        return length;
    }

    private static byte[] Wrapped()
    {
        byte[] batch = Recorded.Hex("1_batch");
        byte[] encrypted = new byte[ForwardingSizes.Encrypted];
        batch.CopyTo(ClientLayer.BatchOf(encrypted));
        ClientLayer.Seal(ClientSecret(), Nonce(FwdCorrelation), encrypted, batch.Length);
        var command = new PfwdCommand(Version, KeyOfCommand().Public, encrypted);
        byte[] box = new byte[ProxyLayer.LengthOfCommand(FwdCorrelation, command)];
        ProxyLayer.SealCommand(SessionSecret(), Nonce(RfwdCorrelation), box, FwdCorrelation, command);
        return box;
    }

    private static byte[] Answer()
    {
        byte[] box = new byte[ProxyLayer.LengthOfResponse(FwdCorrelation, ForwardingSizes.Encrypted)];
        Span<byte> encrypted = ProxyLayer.EncryptedOf(box, FwdCorrelation);
        byte[] batch = Recorded.Hex("4_response_batch");
        batch.CopyTo(ClientLayer.BatchOf(encrypted));
        byte[] nonce = new byte[SecretBox.NonceLength];
        ForwardingNonce.OfResponse(FwdCorrelation, nonce);
        ClientLayer.Seal(ClientSecret(), nonce, encrypted, batch.Length);
        ForwardingNonce.OfResponse(RfwdCorrelation, nonce);
        ProxyLayer.SealResponse(SessionSecret(), nonce, box, FwdCorrelation);
        return box;
    }

    private static byte[] AuthorisedBy(TransmissionFormat format)
    {
        Assert.True(TransmissionReader.TryOpen(format, Recorded.Hex("1_batch"), out TransmissionReader reader));
        Assert.True(reader.TryRead(out Transmission transmission));
        Assert.Equal("SEND T hello via proxy", System.Text.Encoding.ASCII.GetString(transmission.Command.Span));
        using AuthorisedBytes authorised = format.Authorised(transmission);
        return authorised.Bytes.ToArray();
    }

    private static void AssertIs(string name, byte[] bytes)
    {
        JsonElement expected = Recorded.GetProperty(name);
        Assert.Equal(expected.Number("length"), bytes.Length);
        Assert.Equal(expected.Hex("sha256"), SHA256.HashData(bytes));
    }

    private static byte[] Written(SmpCommand command)
    {
        var writer = new WireWriter(new byte[2 * Block.Length]);
        SmpCommandWriter.Write(ref writer, command, version: 20);
        return writer.Written.ToArray();
    }

    private static byte[] Written(SmpResponse response)
    {
        var writer = new WireWriter(new byte[2 * Block.Length]);
        SmpResponseWriter.Write(ref writer, response, version: 20);
        return writer.Written.ToArray();
    }

    private static byte[] Nonce(EntityId correlation)
    {
        byte[] nonce = new byte[SecretBox.NonceLength];
        ForwardingNonce.OfCommand(correlation, nonce);
        return nonce;
    }

    private static byte[] SenderKey() =>
        Vectors.TransportFile.List("keys").Single(key => key.Text("name") == Recorded.Text("sender_key")).Hex("private_raw");

    private static PrivateKey KeyOfCommand() => PrivateKey.FromRaw(KeyAlgorithm.X25519, Recorded.Hex("client_command_key_private"));

    private static PrivateKey RelayKey() => PrivateKey.FromRaw(KeyAlgorithm.X25519, Recorded.Hex("relay_session_key_private"));

    private static BoxKey ClientSecret() => new(Recorded.Hex("2_client_secret"));

    private static BoxKey SessionSecret() => new(Recorded.Hex("3_proxy_relay_secret"));
}
