using System.Text.Json;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

public class PrivateKeyTests
{
    private static readonly KeyAlgorithm[] Algorithms = Enum.GetValues<KeyAlgorithm>();

    [Fact]
    [Spec("S-014")]
    public void Recorded_keys_decode_and_encode_to_the_same_bytes()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("keys"))
        {
            using PrivateKey key = Decode(vector.Hex("privateDer"));
            Assert.Equal(vector.Text("algorithm"), key.Algorithm.ToString().ToLowerInvariant());
            Assert.Equal(vector.Hex("publicDer"), key.Public.Spki.ToArray());
            Assert.Equal(vector.Hex("publicRaw"), key.Public.Raw.ToArray());
            Assert.Equal(vector.Hex("privateDer"), Encode(key));
        }
    }

    [Fact]
    [Spec("S-014", "S-015", "S-016")]
    public void Recorded_encodings_are_accepted_and_refused_alike()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("keyDecoding"))
        {
            byte[] der = vector.Hex("der");
            using PrivateKey? privateKey = vector.Text("kind") is "privateDer" ? Pkcs8.TryDecode(der) : null;
            KeyAlgorithm? found = vector.Text("kind") is "privateDer" ? privateKey?.Algorithm : PublicKey.TryDecode(der)?.Algorithm;
            bool accepted = vector.Text("expectedType") switch
            {
                "anySign" or "anyVerify" => found is KeyAlgorithm.Ed25519 or KeyAlgorithm.Ed448,
                string expected => string.Equals(found?.ToString(), expected, StringComparison.OrdinalIgnoreCase),
            };
            Assert.True(accepted == vector.Text("result") is "accepted", vector.Text("name"));
        }
    }

    [Fact]
    [Spec("S-451", "S-509")]
    public void Recorded_agreements_give_the_recorded_secret()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("dh"))
        {
            using PrivateKey mine = Decode(vector.Hex("privateDer"));
            byte[] secret = new byte[PublicKey.RawLength(mine.Algorithm)];
            bool agreed = mine.TryAgree(PublicKey.TryDecode(vector.Hex("publicDer"))!, secret);
            Assert.Equal(vector.Hex("secret"), secret);
            Assert.Equal(secret.Any(b => b != 0), agreed);
        }

        foreach (JsonElement vector in Vectors.TransportFile.List("x25519"))
        {
            using PrivateKey mine = PrivateKey.FromRaw(KeyAlgorithm.X25519, vector.Hex("private"));
            byte[] secret = new byte[32];
            Assert.True(mine.TryAgree(PublicKey.FromRaw(KeyAlgorithm.X25519, vector.Hex("public")), secret));
            Assert.Equal(vector.Hex("secret"), secret);
        }
    }

    [Fact]
    [Spec("S-133", "S-509")]
    public void Recorded_signatures_are_made_and_verified_alike()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("ed25519").Concat(Vectors.CryptoFile.List("ed448")))
        {
            byte[] message = vector.Hex("message");
            byte[] signature = vector.Hex("signature");
            PublicKey publicKey = PublicKey.TryDecode(vector.Hex("publicDer"))!;
            Assert.True(Signature.Verify(publicKey, message, signature) == vector.GetProperty("valid").GetBoolean(), vector.Text("name"));
            if (vector.Has("privateDer"))
            {
                using PrivateKey key = Decode(vector.Hex("privateDer"));
                byte[] made = new byte[Signature.LengthOf(key.Algorithm)];
                key.Sign(message, made);
                Assert.Equal(signature, made);
            }
        }
    }

    [Fact]
    [Spec("S-017")]
    public void A_signature_is_known_by_its_length()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("signatureSizes"))
        {
            Assert.Equal(vector.GetProperty("accepted").GetBoolean(), Signature.AlgorithmOf(vector.Number("size")) is not null);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_spoils_a_signature()
    {
        foreach (KeyAlgorithm algorithm in new[] { KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448 })
        {
            using PrivateKey key = PrivateKey.Generate(algorithm);
            byte[] signature = new byte[Signature.LengthOf(algorithm)];
            key.Sign("abc"u8, signature);
            Assert.True(Signature.Verify(key.Public, "abc"u8, signature));
            for (int i = 0; i < signature.Length; i++)
            {
                signature[i] ^= 0x10;
                Assert.False(Signature.Verify(key.Public, "abc"u8, signature));
                signature[i] ^= 0x10;
            }
        }
    }

    [Fact]
    public void Fresh_keys_survive_pem()
    {
        foreach (KeyAlgorithm algorithm in Algorithms)
        {
            using PrivateKey key = PrivateKey.Generate(algorithm);
            char[] pem = Pkcs8.EncodePem(key);
            Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", new string(pem), StringComparison.Ordinal);
            Assert.EndsWith("-----END PRIVATE KEY-----\n", new string(pem), StringComparison.Ordinal);
            using PrivateKey again = Pkcs8.TryDecodePem($"-----BEGIN OTHER-----\nAAAA\n-----END OTHER-----\n{new string(pem)}")!;
            Assert.Equal(key.Public, again.Public);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key here")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void Other_text_is_no_pem_key(string text) => Assert.Null(Pkcs8.TryDecodePem(text));

    [Fact]
    public void Both_ends_agree_on_one_secret_and_keys_of_small_order_are_told()
    {
        foreach (KeyAlgorithm algorithm in new[] { KeyAlgorithm.X25519, KeyAlgorithm.X448 })
        {
            using PrivateKey a = PrivateKey.Generate(algorithm);
            using PrivateKey b = PrivateKey.Generate(algorithm);
            byte[] left = new byte[PublicKey.RawLength(algorithm)];
            byte[] right = new byte[left.Length];
            Assert.True(a.TryAgree(b.Public, left));
            Assert.True(b.TryAgree(a.Public, right));
            Assert.Equal(left, right);
            Assert.False(a.TryAgree(PublicKey.FromRaw(algorithm, new byte[left.Length]), left));
            Assert.All(left, octet => Assert.Equal(0, octet));
        }
    }

    [Fact]
    public void A_disposed_key_is_wiped()
    {
        foreach (KeyAlgorithm algorithm in Algorithms)
        {
            PrivateKey key = PrivateKey.Generate(algorithm);
            byte[] before = Encode(key);
            key.Dispose();
            byte[] after = Encode(key);
            Assert.Contains(before[16..], octet => octet != 0);
            Assert.All(after[16..], octet => Assert.Equal(0, octet));
        }
    }

    [Fact]
    public void Keys_do_only_what_their_algorithm_can()
    {
        using PrivateKey signs = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey agrees = PrivateKey.Generate(KeyAlgorithm.X25519);
        Assert.Throws<InvalidOperationException>(() => agrees.Sign("x"u8, new byte[64]));
        Assert.Throws<InvalidOperationException>(() => signs.TryAgree(agrees.Public, new byte[32]));
        Assert.Throws<InvalidOperationException>(() => agrees.TryAgree(signs.Public, new byte[32]));
        Assert.Throws<ArgumentException>(() => signs.Sign("x"u8, new byte[63]));
        Assert.Throws<ArgumentException>(() => PrivateKey.FromRaw(KeyAlgorithm.Ed25519, new byte[31]));
    }

    private static PrivateKey Decode(byte[] der)
    {
        PrivateKey? key = Pkcs8.TryDecode(der);
        Assert.NotNull(key);
        return key;
    }

    private static byte[] Encode(PrivateKey key)
    {
        byte[] der = new byte[Pkcs8.LengthOf(key.Algorithm)];
        Pkcs8.Encode(key, der);
        return der;
    }
}
