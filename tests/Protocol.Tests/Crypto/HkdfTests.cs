using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

public class HkdfTests
{
    [Fact]
    [Spec("S-107", "S-108")]
    public void Recorded_derivations_give_the_recorded_bytes()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("hkdf"))
        {
            byte[] output = new byte[vector.Number("length")];
            Hkdf.DeriveSha512(vector.Hex("ikm"), vector.Hex("salt"), System.Text.Encoding.Latin1.GetBytes(vector.Text("info")), output);
            Assert.Equal(vector.Hex("output"), output);
        }

        foreach (JsonElement vector in Vectors.TransportFile.List("hkdf_sha512"))
        {
            byte[] output = new byte[vector.Number("length")];
            Hkdf.DeriveSha512(vector.Hex("key"), vector.Hex("salt"), System.Text.Encoding.Latin1.GetBytes(vector.Text("info")), output);
            Assert.Equal(vector.Hex("output"), output);
        }
    }

    [Fact]
    public void Agrees_with_the_framework() =>
        Prop.ForAll<byte[], byte[], byte[]>((secret, salt, info) =>
        {
            byte[] output = new byte[1 + ((secret.Length * 31) % 300)];
            Hkdf.DeriveSha512(secret, salt, info, output);
            return output.AsSpan().SequenceEqual(HKDF.DeriveKey(HashAlgorithmName.SHA512, secret, output.Length, salt, info));
        }).QuickCheckThrowOnFailure();

    [Fact]
    [Spec("S-107", "S-108", "S-449", "S-450")]
    public void Recorded_chains_step_alike()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("secretBoxChain"))
        {
            (SecretChain first, SecretChain second) = SecretChain.Start(vector.Hex("salt"), vector.Hex("secret"));
            Follow(first, vector.List("chain1"));
            Follow(second, vector.List("chain2"));
        }
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
