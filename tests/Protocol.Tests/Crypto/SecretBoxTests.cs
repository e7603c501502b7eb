using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Crypto;

public class SecretBoxTests
{
    [Fact]
    [Spec("S-027", "S-028", "S-509")]
    public void Recorded_boxes_seal_and_open()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("cryptoBox").Concat(Vectors.CryptoFile.List("secretBox")).Where(v => v.Has("packet") && v.Has("paddedLength")))
        {
            BoxKey key = new(vector.Hex(vector.Has("dhSecret") ? "dhSecret" : "key"));
            byte[] message = vector.Hex("plaintext");
            byte[] box = new byte[SecretBox.TagLength + vector.Number("paddedLength")];
            message.CopyTo(box, SecretBox.TagLength + Padding.PrefixLength);
            Assert.True(Padding.TryPad(box.AsSpan(SecretBox.TagLength), message.Length));
            SecretBox.Seal(key, vector.Hex("nonce"), box);
            Assert.Equal(vector.Hex("packet"), box);
            Assert.Equal(message, Open(key, vector.Hex("nonce"), box));
        }
    }

    [Fact]
    [Spec("S-027", "S-028")]
    public void Recorded_boxes_of_the_transport_seal_and_open()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("boxes").Where(v => v.GetProperty("encrypted").ValueKind is JsonValueKind.String))
        {
            BoxKey key = new(vector.Hex("secret"));
            byte[] message = vector.Hex("message");
            bool padded = vector.Has("padded_length");
            byte[] box = new byte[SecretBox.TagLength + (padded ? vector.Number("padded_length") : message.Length)];
            message.CopyTo(box, SecretBox.TagLength + (padded ? Padding.PrefixLength : 0));
            Assert.True(!padded || Padding.TryPad(box.AsSpan(SecretBox.TagLength), message.Length));
            SecretBox.Seal(key, vector.Hex("nonce"), box);
            Assert.Equal(vector.Hex("encrypted"), box);
        }
    }

    [Fact]
    [Spec("S-028", "S-029")]
    public void Recorded_packets_open_or_are_refused_alike()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("secretBoxDecrypt"))
        {
            byte[]? opened = Open(new BoxKey(vector.Hex("key")), vector.Hex("nonce"), vector.Hex("packet"));
            Assert.Equal(vector.Has("plaintext") ? vector.Hex("plaintext") : null, opened);
        }
    }

    [Fact]
    [Spec("S-029")]
    public void What_was_sealed_opens_and_a_flipped_bit_does_not() =>
        Prop.ForAll<byte[], int>((message, at) =>
        {
            BoxKey key = new(new byte[32]);
            byte[] nonce = new byte[24];
            byte[] box = [.. new byte[SecretBox.TagLength], .. message];
            SecretBox.Seal(key, nonce, box);
            byte[] spoilt = [.. box];
            spoilt[(int)((uint)at % spoilt.Length)] ^= 1;
            byte[] before = [.. spoilt];
            bool refused = !SecretBox.TryOpen(key, nonce, spoilt) && spoilt.AsSpan().SequenceEqual(before);
            return refused && SecretBox.TryOpen(key, nonce, box) && box.AsSpan(SecretBox.TagLength).SequenceEqual(message);
        }).QuickCheckThrowOnFailure();

    [Fact]
    [Spec("S-018", "S-019")]
    public void Nonces_are_cut_and_filled_as_recorded()
    {
        foreach (JsonElement vector in Vectors.CryptoFile.List("nonces").Concat(Vectors.TransportFile.List("nonces")))
        {
            byte[] nonce = new byte[24];
            SecretBox.NonceFrom(vector.Hex("input"), nonce);
            Assert.Equal(vector.Hex("nonce"), nonce);
        }
    }

    [Fact]
    public void A_cleared_key_is_zero()
    {
        BoxKey key = new(Enumerable.Repeat((byte)7, 32).ToArray());
        Assert.NotEqual(new byte[32], key.Bytes.ToArray());
        key.Clear();
        Assert.Equal(new byte[32], key.Bytes.ToArray());
    }

    private static byte[]? Open(BoxKey key, byte[] nonce, byte[] packet)
    {
        byte[] box = [.. packet];
        return SecretBox.TryOpen(key, nonce, box) && Padding.TryUnpad(box.AsSpan(SecretBox.TagLength), out int length)
            ? box.AsSpan(SecretBox.TagLength + Padding.PrefixLength, length).ToArray()
            : null;
    }
}
