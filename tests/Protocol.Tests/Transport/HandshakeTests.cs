using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Transport;

public class HandshakeTests
{
    private static readonly PrivateKey Certificate = Pkcs8.TryDecode(Vectors.TransportFile.Hex("server_certificate_private_key_pkcs8"))!;

    [Fact]
    [Spec("S-089", "S-020", "S-021")]
    public void Recorded_server_hellos_are_read_and_written_to_the_same_bytes()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("server_hello"))
        {
            ServerHello? read = ServerHello.TryParse([.. vector.Hex("bytes"), 0xff, 0xff]);
            ServerHello? exact = ServerHello.TryParse(vector.Hex("bytes"));
            Assert.NotNull(read);
            Assert.NotNull(exact);
            Assert.Equal(new VersionRange((ushort)vector.Number("min_version"), (ushort)vector.Number("max_version")), read.Versions);
            Assert.Equal(vector.Hex("session_id"), read.SessionId.ToArray());
            Assert.Equal(vector.Hex("bytes"), Write(exact.Write));
            if (exact.Versions.Max >= 7 && vector.Has("server_key"))
            {
                Assert.Equal(vector.Hex("server_key"), exact.Key!.Signed.Key.Spki.ToArray());
                Assert.Equal(vector.List("certificates").Select(c => c.GetString()), exact.Key.Chain.Select(c => Convert.ToHexStringLower(c.Span)));
                Assert.True(exact.Key.Signed.IsSignedBy(Certificate.Public));
            }
        }
    }

    [Fact]
    [Spec("S-075", "S-082", "S-090", "S-091", "S-092", "S-093")]
    public void Recorded_client_hellos_are_read_and_written_to_the_same_bytes()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("client_hello"))
        {
            ClientHello? read = ClientHello.TryParse([.. vector.Hex("bytes"), 0x23, 0x23]);
            Assert.NotNull(read);
            Assert.Equal(vector.Number("version"), read.Version);
            Assert.Equal(vector.Hex("key_hash"), read.KeyHash.ToArray());
            Assert.Equal(vector.Hex("bytes"), Write(read.Write));
            if (vector.GetProperty("decodes_same").GetBoolean() && read.Version >= 7)
            {
                Assert.Equal(vector.Has("client_key") ? vector.Hex("client_key") : null, read.Key?.Spki.ToArray());
                Assert.Equal(read.Version >= 14 && vector.GetProperty("proxy_server").GetBoolean(), read.ProxyServer);
            }

            Assert.Equal(read.Version >= 16 && vector.Has("service"), read.Service is not null);
            if (read.Service is { } service)
            {
                JsonElement recorded = vector.GetProperty("service");
                Assert.Equal(recorded.Text("role"), service.Role.ToString().ToLowerInvariant());
                Assert.Equal(recorded.Hex("session_key"), service.Key.Signed.Key.Spki.ToArray());
                Assert.True(service.Key.Signed.IsSignedBy(Certificate.Public));
            }
        }
    }

    [Fact]
    [Spec("S-091")]
    public void What_does_not_read_as_a_key_is_the_next_field()
    {
        byte[] hello = [0, 20, 2, 1, 2, (byte)'F', (byte)'0'];
        ClientHello? read = ClientHello.TryParse(hello);
        Assert.NotNull(read);
        Assert.Null(read.Key);
        Assert.False(read.ProxyServer);
        Assert.Null(read.Service);
    }

    [Theory]
    [Spec("S-094", "S-093")]
    [InlineData("")]
    [InlineData("0014")]
    [InlineData("001402aabb")]
    [InlineData("001402aabb58")]
    [InlineData("001402aabb46")]
    [InlineData("001402aabb4632")]
    [InlineData("001402aabb4631")]
    [InlineData("001402aabb46315800")]
    [InlineData("001402aabb46314d00")]
    [InlineData("001402aabb46314d010003040100")]
    public void Malformed_client_hellos_are_refused(string hex) => Assert.Null(ClientHello.TryParse(Convert.FromHexString(hex)));

    [Fact]
    [Spec("S-016", "S-093")]
    public void Session_keys_of_another_kind_are_refused()
    {
        JsonElement vector = Vectors.TransportFile.List("client_hello").First(v => v.Text("name") is "v20_service_proxy");
        ClientHello hello = ClientHello.TryParse(vector.Hex("bytes"))!;
        SignedKey agreement = SignedKey.Sign(PublicKey.FromRaw(KeyAlgorithm.X25519, new byte[32]), Certificate);
        ServiceHello wrong = hello.Service! with { Key = hello.Service.Key with { Signed = agreement } };
        Assert.Null(ClientHello.TryParse(Write((hello with { Service = wrong }).Write)));
    }

    [Fact]
    [Spec("S-020")]
    public void A_certificate_that_is_no_der_is_refused()
    {
        JsonElement vector = Vectors.TransportFile.List("client_hello").First(v => v.Text("name") is "v20_service_proxy");
        ClientHello hello = ClientHello.TryParse(vector.Hex("bytes"))!;
        CertifiedKey bad = hello.Service!.Key with { Chain = [new byte[] { 0x30, 0x02, 0x01 }] };
        Assert.Null(ClientHello.TryParse(Write((hello with { Service = hello.Service with { Key = bad } }).Write)));
    }

    [Fact]
    [Spec("S-099", "S-102", "S-467")]
    public void Recorded_service_responses_are_read_and_written_to_the_same_bytes()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("service_response"))
        {
            ServiceResponse? read = ServiceResponse.TryParse(vector.Hex("bytes"));
            Assert.NotNull(read);
            Assert.Equal(vector.Hex("bytes"), Write(read.Write));
            if (read is ServiceResponse.Refused refused)
            {
                Assert.Equal(vector.Text("error"), System.Text.Encoding.ASCII.GetString(TransportErrorText.BytesOf(refused.Error)));
            }
            else
            {
                Assert.Equal(vector.Hex("service_id"), Assert.IsType<ServiceResponse.Accepted>(read).ServiceId.ToArray());
            }
        }

        Assert.Null(ServiceResponse.TryParse("X"u8));
        Assert.Null(ServiceResponse.TryParse("R\u0005ab"u8));
        Assert.Null(ServiceResponse.TryParse("EHANDSHAKE"u8));
    }

    [Fact]
    [Spec("S-024", "S-096", "S-097")]
    public void Version_ranges_meet_or_do_not()
    {
        var ours = new VersionRange(SmpVersion.Lowest, SmpVersion.Current);
        Assert.Equal(new VersionRange(8, 20), ours.Intersect(new VersionRange(8, 30)));
        Assert.Null(ours.Intersect(new VersionRange(21, 30)));
        Assert.True(ours.Contains(6) && ours.Contains(20));
        Assert.False(ours.Contains(5) || ours.Contains(21));
        Assert.Null(ServerHello.TryParse([0, 7, 0, 6, 0]));
    }

    [Fact]
    [Spec("S-094")]
    public void Any_bytes_are_read_or_refused_but_never_throw()
    {
        byte[][] recorded = [.. Vectors.TransportFile.List("client_hello").Concat(Vectors.TransportFile.List("server_hello")).Select(v => v.Hex("bytes"))];
        Prop.ForAll<byte[], int, int>((bytes, which, at) =>
        {
            byte[] mutated = [.. recorded[(int)((uint)which % recorded.Length)]];
            int start = (int)((uint)at % mutated.Length);
            bytes.AsSpan(0, Math.Min(bytes.Length, mutated.Length - start)).CopyTo(mutated.AsSpan(start));
            foreach (byte[] input in new[] { bytes, mutated, mutated[..start] })
            {
                _ = ClientHello.TryParse(input);
                _ = ServerHello.TryParse(input);
                _ = ServiceResponse.TryParse(input);
            }
        }).QuickCheckThrowOnFailure();
    }

    private delegate void Writing(ref WireWriter writer);

    private static byte[] Write(Writing write)
    {
        var writer = new WireWriter(new byte[Block.MaxPlainContent]);
        write(ref writer);
        Assert.False(writer.Overflowed);
        return writer.Written.ToArray();
    }
}
