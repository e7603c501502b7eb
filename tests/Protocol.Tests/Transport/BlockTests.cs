using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Transport;

public class BlockTests
{
    private static readonly JsonElement Chain = Vectors.TransportFile.GetProperty("block_chain");

    [Fact]
    [Spec("S-107", "S-108", "S-109", "S-449")]
    public void Recorded_blocks_of_both_directions_are_made_and_read()
    {
        Follow(Chain.List("server_to_client"), chains => chains.RouterSends);
        Follow(Chain.List("client_to_server"), chains => chains.RouterReceives);
    }

    [Fact]
    [Spec("S-450")]
    public void The_first_block_of_the_router_is_the_golden_one()
    {
        using var encoder = new BlockEncoder(Start().RouterSends);
        byte[] block = Encode(encoder, "hello"u8.ToArray());
        Assert.Equal("2c4ae72629e371a457025724eab18d82cd952a6f72f72aaaa06cb41f577727d6", Convert.ToHexStringLower(block.AsSpan(0, 32)));
        Assert.Equal("534169d897c3bc4e0a0dae56419f254ce1fce8aaa626cf23295e78ac33401741", Convert.ToHexStringLower(SHA256.HashData(block)));
    }

    [Fact]
    [Spec("S-109")]
    public void An_encrypted_block_holds_16366_bytes_and_no_more()
    {
        JsonElement vector = Chain.GetProperty("max_content_16366");
        using var encoder = new BlockEncoder(Start().RouterSends);
        Assert.Equal(16366, encoder.MaxContent);
        byte content = Convert.FromHexString(vector.Text("content").Split(' ')[1])[0];
        byte[] block = Encode(encoder, [.. Enumerable.Repeat(content, 16366)]);
        Assert.Equal(vector.GetProperty("block").Hex("sha256"), SHA256.HashData(block));
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Encode(new byte[Block.Length], 16367));
    }

    [Fact]
    [Spec("S-104", "S-105")]
    public void A_plain_block_is_padded_and_holds_16382_bytes()
    {
        using var encoder = new BlockEncoder();
        Assert.Equal(16382, encoder.MaxContent);
        foreach (JsonElement vector in Vectors.TransportFile.List("transmissions"))
        {
            byte[] block = Encode(encoder, vector.Hex("block_content"));
            Assert.Equal(Block.Length, block.Length);
            Assert.Equal(vector.GetProperty("padded_block").Hex("sha256"), SHA256.HashData(block));
        }

        Assert.Throws<ArgumentException>(() => encoder.Encode(new byte[Block.Length - 1], 1));
    }

    [Fact]
    [Spec("S-108", "S-111")]
    public void A_spoilt_block_is_told_and_the_next_one_still_reads()
    {
        using var encoder = new BlockEncoder(Start().RouterSends);
        using var decoder = new BlockDecoder(Start().RouterSends);
        byte[] spoilt = Encode(encoder, "one"u8.ToArray());
        byte[] whole = Encode(encoder, "two"u8.ToArray());
        spoilt[100] ^= 1;
        Assert.False(decoder.TryDecode(spoilt, out _));
        Assert.True(decoder.TryDecode(whole, out ReadOnlyMemory<byte> content));
        Assert.Equal("two", System.Text.Encoding.ASCII.GetString(content.Span));
    }

    [Fact]
    [Spec("S-026", "S-111")]
    public void A_plain_block_that_says_more_than_it_holds_is_told()
    {
        using var decoder = new BlockDecoder();
        byte[] block = new byte[Block.Length];
        block[0] = block[1] = 0xff;
        Assert.False(decoder.TryDecode(block, out _));
    }

    [Fact]
    public void Any_content_survives_both_kinds_of_blocks() =>
        Prop.ForAll<byte[]>(content =>
        {
            using var plainEncoder = new BlockEncoder();
            using var plainDecoder = new BlockDecoder();
            using var encoder = new BlockEncoder(Start().RouterReceives);
            using var decoder = new BlockDecoder(Start().RouterReceives);
            return plainDecoder.TryDecode(Encode(plainEncoder, content), out ReadOnlyMemory<byte> plain)
                && decoder.TryDecode(Encode(encoder, content), out ReadOnlyMemory<byte> encrypted)
                && plain.Span.SequenceEqual(content)
                && encrypted.Span.SequenceEqual(content);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [Spec("S-106")]
    [InlineData(11, true, false, true)]
    [InlineData(20, true, false, true)]
    [InlineData(10, true, false, false)]
    [InlineData(20, false, false, false)]
    [InlineData(20, true, true, false)]
    public void Encryption_needs_version_key_and_no_proxy(ushort version, bool key, bool proxy, bool active) =>
        Assert.Equal(active, BlockEncryption.IsActive(version, key, proxy));

    [Fact]
    [Spec("S-107")]
    public void Router_and_client_understand_each_other()
    {
        using PrivateKey routerKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        using PrivateKey clientKey = PrivateKey.Generate(KeyAlgorithm.X25519);
        var router = BlockEncryption.TryStart(SessionRole.Router, "id"u8, routerKey, clientKey.Public)!.Value;
        var client = BlockEncryption.TryStart(SessionRole.Client, "id"u8, clientKey, routerKey.Public)!.Value;
        for (int i = 0; i < 3; i++)
        {
            Assert.True(client.Decoder.TryDecode(Encode(router.Encoder, [(byte)i]), out ReadOnlyMemory<byte> down));
            Assert.True(router.Decoder.TryDecode(Encode(client.Encoder, [(byte)~i]), out ReadOnlyMemory<byte> up));
            Assert.Equal([(byte)i, (byte)~i], [down.Span[0], up.Span[0]]);
        }

        Assert.Null(BlockEncryption.TryStart(SessionRole.Router, "id"u8, routerKey, PublicKey.FromRaw(KeyAlgorithm.X25519, new byte[32])));
    }

    private static (SecretChain RouterSends, SecretChain RouterReceives) Start() =>
        SecretChain.Start(Chain.Hex("session_id"), Chain.Hex("dh_secret"));

    private static void Follow(IEnumerable<JsonElement> blocks, Func<(SecretChain RouterSends, SecretChain RouterReceives), SecretChain> choose)
    {
        using var encoder = new BlockEncoder(choose(Start()));
        using var decoder = new BlockDecoder(choose(Start()));
        foreach (JsonElement vector in blocks)
        {
            byte[] block = Encode(encoder, vector.Hex("content"));
            Assert.Equal(vector.GetProperty("block").Hex("sha256"), SHA256.HashData(block));
            Assert.True(decoder.TryDecode(block, out ReadOnlyMemory<byte> content));
            Assert.Equal(vector.Hex("content"), content.ToArray());
        }
    }

    private static byte[] Encode(BlockEncoder encoder, byte[] content)
    {
        byte[] block = new byte[Block.Length];
        content.CopyTo(encoder.ContentOf(block));
        encoder.Encode(block, content.Length);
        return block;
    }
}
