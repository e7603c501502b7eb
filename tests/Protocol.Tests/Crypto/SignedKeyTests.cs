using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

[Spec("S-021")]
public class SignedKeyTests
{
    private static readonly PrivateKey Certificate = Pkcs8.TryDecode(Vectors.TransportFile.Hex("server_certificate_private_key_pkcs8"))!;

    [Fact]
    public void Recorded_signed_keys_are_read_verified_and_made_again()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("server_hello").Where(v => v.Has("signed_server_key")))
        {
            SignedKey? signed = SignedKey.TryDecode(vector.Hex("signed_server_key"));
            Assert.NotNull(signed);
            Assert.Equal(vector.Hex("server_key"), signed.Key.Spki.ToArray());
            Assert.True(signed.IsSignedBy(Certificate.Public));
            Assert.Equal(vector.Hex("signed_server_key"), SignedKey.Sign(signed.Key, Certificate).Der.ToArray());
        }
    }

    [Fact]
    public void Both_signature_algorithms_read_back_and_know_their_signer()
    {
        using PrivateKey session = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed448);
        foreach (KeyAlgorithm algorithm in new[] { KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448 })
        {
            using PrivateKey signer = PrivateKey.Generate(algorithm);
            SignedKey? read = SignedKey.TryDecode(SignedKey.Sign(session.Public, signer).Der);
            Assert.NotNull(read);
            Assert.Equal(session.Public, read.Key);
            Assert.True(read.IsSignedBy(signer.Public));
            Assert.False(read.IsSignedBy(other.Public));
        }
    }

    [Fact]
    public void A_changed_byte_is_refused_or_fails_the_signature() =>
        Prop.ForAll<int, byte>((at, value) =>
        {
            byte[] der = SignedKey.Sign(Session, Certificate).Der.ToArray();
            int index = (int)((uint)at % der.Length);
            if (der[index] == value)
            {
                return true;
            }

            der[index] = value;
            return SignedKey.TryDecode(der) is not { } read || !read.IsSignedBy(Certificate.Public);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Prop.ForAll<byte[]>(bytes => SignedKey.TryDecode(bytes) is null).QuickCheckThrowOnFailure();

    private static PublicKey Session { get; } = PublicKey.FromRaw(KeyAlgorithm.X25519, new byte[32]);
}
