using System.Security.Cryptography;
using System.Text.Json;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

[Spec("S-107", "S-108")]
public class SecretChainTests
{
    [Fact]
    [Spec("S-449", "S-450")]
    public void Recorded_chains_step_alike()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("secretBoxChain"))
        {
            (SecretChain first, SecretChain second) = SecretChain.Start(vector.Hex("salt"), vector.Hex("secret"));
            Follow(first, vector.List("chain1"));
            Follow(second, vector.List("chain2"));
        }
    }

    [Fact]
    public void Recorded_derivations_are_those_of_the_framework()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("hkdf"))
        {
            Derive(vector.Hex("ikm"), vector);
        }

        foreach (JsonElement vector in Vectors.TransportFile.List("hkdf_sha512"))
        {
            Derive(vector.Hex("key"), vector);
        }
    }

    [Fact]
    public void A_disposed_chain_has_forgotten_its_key()
    {
        (SecretChain one, SecretChain other) = SecretChain.Start([1], new byte[32]);
        one.Dispose();
        other.Dispose();
        byte[] left = new byte[SecretBox.NonceLength];
        byte[] right = new byte[SecretBox.NonceLength];
        one.Step(out _, left);
        other.Step(out _, right);
        Assert.Equal(left, right);
    }

    private static void Derive(byte[] secret, JsonElement vector)
    {
        byte[] output = new byte[vector.Number("length")];
        HKDF.DeriveKey(HashAlgorithmName.SHA512, secret, output, vector.Hex("salt"), System.Text.Encoding.Latin1.GetBytes(vector.Text("info")));
        Assert.Equal(vector.Hex("output"), output);
    }

    private static void Follow(SecretChain chain, IEnumerable<JsonElement> steps)
    {
        byte[] nonce = new byte[SecretBox.NonceLength];
        foreach (JsonElement step in steps)
        {
            chain.Step(out BoxKey key, nonce);
            Assert.Equal(step.Hex("nonce"), nonce);
            Assert.Equal(new BoxKey(step.Hex("key")).Bytes.ToArray(), key.Bytes.ToArray());
        }

        chain.Dispose();
    }
}
