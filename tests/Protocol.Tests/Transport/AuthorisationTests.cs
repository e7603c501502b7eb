using System.Text.Json;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Transport;

public sealed class AuthorisationTests : IDisposable
{
    private static readonly KeyAlgorithm[] Schemes = [KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448, KeyAlgorithm.X25519];

    private readonly TransmissionFormat _format = new(20, [.. Enumerable.Repeat((byte)0x22, 32)]);
    private readonly PrivateKey _sessionKey = PrivateKey.Generate(KeyAlgorithm.X25519);
    private readonly Authorisation _authorisation;

    public AuthorisationTests() => _authorisation = new Authorisation(_format, _sessionKey);

    public void Dispose() => _sessionKey.Dispose();

    [Fact]
    [Spec("S-118", "S-133", "S-134")]
    public void Recorded_commands_are_accepted_with_their_key_and_refused_with_others()
    {
        using PrivateKey sessionKey = TransmissionTests.KeyOf(Vectors.TransportFile.Text("server_session_key"));
        foreach (JsonElement vector in Vectors.TransportFile.List("transmissions").Where(v => v.Has("auth_key")))
        {
            TransmissionFormat format = new((ushort)vector.Number("version"), vector.Hex("session_id"));
            var authorisation = new Authorisation(format, sessionKey);
            Transmission read = TransmissionTests.ReadAll(format, vector.Hex("block_content"))[0];
            using PrivateKey key = TransmissionTests.KeyOf(vector.Text("auth_key"));
            using PrivateKey other = PrivateKey.Generate(key.Algorithm);
            Assert.True(authorisation.Verify(read, [key.Public]), vector.Text("name"));
            Assert.True(authorisation.Verify(read, [other.Public, key.Public]), vector.Text("name"));
            Assert.False(authorisation.Verify(read, [other.Public]), vector.Text("name"));
            Assert.False(authorisation.Verify(read, []), vector.Text("name"));
        }
    }

    [Fact]
    [Spec("S-135")]
    public void Recorded_commands_of_services_need_fingerprint_and_session_key()
    {
        using PrivateKey sessionKey = TransmissionTests.KeyOf(Vectors.TransportFile.Text("server_session_key"));
        foreach (JsonElement vector in Vectors.TransportFile.List("service_transmissions"))
        {
            TransmissionFormat format = new((ushort)vector.Number("version"), vector.Hex("session_id"));
            var authorisation = new Authorisation(format, sessionKey);
            Transmission read = TransmissionTests.ReadAll(format, TransmissionTests.Block([vector.Hex("transmission")]))[0];
            using PrivateKey key = TransmissionTests.KeyOf(vector.Text("auth_key"));
            using PrivateKey service = TransmissionTests.KeyOf(vector.Text("service_session_key"));
            using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
            Assert.True(authorisation.Verify(read, [key.Public], vector.Hex("service_cert_fingerprint")));
            Assert.False(authorisation.Verify(read, [key.Public]));
            Assert.True(authorisation.VerifyService(read, service.Public));
            Assert.False(authorisation.VerifyService(read, other.Public));
        }
    }

    [Fact]
    [Spec("S-452")]
    public void The_golden_authenticator_verifies()
    {
        using PrivateKey queue = PrivateKey.FromRaw(KeyAlgorithm.X25519, [.. Enumerable.Repeat((byte)0x33, 32)]);
        using PrivateKey session = PrivateKey.FromRaw(KeyAlgorithm.X25519, [.. Enumerable.Repeat((byte)0x44, 32)]);
        byte[] correlationId = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        byte[] recipientId = [.. Enumerable.Repeat((byte)5, 24)];
        byte[] transmission = Command(queue, new EntityId(correlationId), new EntityId(recipientId), session.Public);
        Assert.Equal(135, transmission.Length);
        Assert.Equal(
            "5091eee60faefe1bdbe3621deea2303a30a433aac613e11ff07d3595f8a5a494a2fbeefc129a9a488c5e5b858c8dbdd35b5f438a7fce1deb7e7276b18da2f54a677e51caed865001ae9df234eba33a2330"
                + "30" + "18" + Convert.ToHexStringLower(correlationId) + "18" + Convert.ToHexStringLower(recipientId) + "535542",
            Convert.ToHexStringLower(transmission));
        Transmission read = TransmissionTests.ReadAll(_format, TransmissionTests.Block([transmission]))[0];
        Assert.True(new Authorisation(_format, session).Verify(read, [queue.Public]));
    }

    [Fact]
    [Spec("S-136", "S-137", "S-140", "S-143")]
    public void Every_scheme_is_refused_for_wrong_types_missing_keys_and_missing_queues()
    {
        foreach (KeyAlgorithm provided in Schemes)
        {
            using PrivateKey key = PrivateKey.Generate(provided);
            Transmission read = Read(Command(key));
            foreach (KeyAlgorithm stored in Schemes.Where(scheme => scheme != provided))
            {
                using PrivateKey other = PrivateKey.Generate(stored);
                Assert.False(_authorisation.Verify(read, [other.Public]));
                Assert.True(_authorisation.Verify(read, [other.Public, key.Public]));
            }

            Assert.False(_authorisation.Verify(read, []));
        }
    }

    [Fact]
    [Spec("S-137", "S-138")]
    public void No_authorization_is_never_accepted()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Transmission read = Read([0, 1, 7, 0, (byte)'P']);
        Assert.False(_authorisation.Verify(read, [key.Public]));
        Assert.False(_authorisation.Verify(read, []));
        Assert.False(_authorisation.VerifyService(read, key.Public));
    }

    [Fact]
    [Spec("S-141")]
    public void What_was_agreed_is_kept_after_a_success_and_serves_only_a_current_key()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.X25519);
        QueueSecret known = default;
        Assert.False(_authorisation.Verify(Read(Command(other)), [key.Public], ref known));
        Assert.Null(known.Key);

        Transmission read = Read(Command(key));
        Assert.True(_authorisation.Verify(read, [other.Public, key.Public], ref known));
        Assert.Equal(key.Public, known.Key);
        Assert.True(_authorisation.Verify(read, [other.Public, key.Public], ref known));

        Assert.False(_authorisation.Verify(read, [other.Public], ref known));
        Assert.False(_authorisation.Verify(Read(Command(other)), [key.Public], ref known));
        Assert.True(_authorisation.Verify(Read(Command(other)), [key.Public, other.Public], ref known));
        Assert.Equal(other.Public, known.Key);
        known.Clear();
        Assert.Null(known.Key);
    }

    [Fact]
    public void A_queue_key_of_small_order_authorises_nothing()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.X25519);
        PublicKey weak = PublicKey.FromRaw(KeyAlgorithm.X25519, new byte[32]);
        Assert.Null(CommandKey.TryCreate(key, weak));
        Assert.False(_authorisation.Verify(Read(Command(key)), [weak]));
    }

    [Fact]
    [Spec("S-074")]
    public void A_session_without_keys_refuses_authenticators()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.X25519);
        Assert.Null(CommandKey.TryCreate(key, routerKey: null));
        Assert.False(new Authorisation(_format, sessionKey: null).Verify(Read(Command(key)), [key.Public]));
    }

    [Theory]
    [Spec("S-116")]
    [InlineData(0, AuthorisationScheme.None)]
    [InlineData(64, AuthorisationScheme.Ed25519)]
    [InlineData(80, AuthorisationScheme.X25519)]
    [InlineData(114, AuthorisationScheme.Ed448)]
    [InlineData(1, null)]
    [InlineData(63, null)]
    [InlineData(81, null)]
    [InlineData(255, null)]
    public void The_length_tells_the_scheme(int length, AuthorisationScheme? scheme) => Assert.Equal(scheme, Authorisation.SchemeOf(length));

    private Transmission Read(byte[] transmission) => TransmissionTests.ReadAll(_format, TransmissionTests.Block([transmission]))[0];

    private byte[] Command(PrivateKey key) => Command(key, EntityId.Random(), EntityId.Random(), _sessionKey.Public);

    private byte[] Command(PrivateKey key, EntityId correlationId, EntityId entityId, PublicKey routerKey)
    {
        using CommandKey commandKey = CommandKey.TryCreate(key, routerKey)!;
        var writer = new WireWriter(new byte[400]);
        TransmissionWriter.WriteCommand(ref writer, _format, correlationId, entityId, "SUB"u8, commandKey);
        return writer.Written.ToArray();
    }
}
