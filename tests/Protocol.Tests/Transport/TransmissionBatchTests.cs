using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Transport;

public class TransmissionBatchTests
{
    [Fact]
    [Spec("S-121", "S-122", "S-474")]
    public void Recorded_lists_are_split_alike()
    {
        foreach (JsonElement vector in Vectors.TransportFile.List("batching"))
        {
            int[] lengths = vector.Has("transmission_sizes")
                ? [.. vector.List("transmission_sizes").Select(size => size.GetInt32())]
                : [.. Enumerable.Repeat(vector.Number("transmission_size_each"), vector.Number("transmission_count"))];
            var blocks = new List<BatchPart>();
            TransmissionBatch.Split(lengths, blocks);
            Assert.Equal(
                vector.List("blocks").Select(block => block.Has("error") ? "too large" : $"{block.Number("count")}:{block.Number("content_length")}"),
                blocks.Select(block => block.IsTooLarge ? "too large" : $"{block.Count}:{1 + lengths.AsSpan(block.Start, block.Count).ToArray().Sum(length => length + 2)}"));
        }
    }

    [Theory]
    [Spec("S-123")]
    [InlineData(121, 135)]
    [InlineData(137, 119)]
    [InlineData(171, 95)]
    [InlineData(186, 87)]
    [InlineData(203, 80)]
    [InlineData(30, 255)]
    public void Known_commands_share_a_block_in_the_known_number(int lengthWithPrefix, int count)
    {
        var blocks = new List<BatchPart>();
        TransmissionBatch.Split([.. Enumerable.Repeat(lengthWithPrefix - 2, count + 1)], blocks);
        Assert.Equal([new BatchPart(0, 1, false), new BatchPart(1, count, false)], blocks);
    }

    [Fact]
    [Spec("S-122")]
    public void Nothing_makes_no_blocks()
    {
        var blocks = new List<BatchPart> { default };
        TransmissionBatch.Split([], blocks);
        Assert.Empty(blocks);
    }

    [Fact]
    [Spec("S-121", "S-122")]
    public void Every_transmission_is_in_one_block_in_order_and_every_block_fits() =>
        Prop.ForAll<ushort[]>(sizes =>
        {
            int[] lengths = [.. sizes.Select(size => size % 17000)];
            var blocks = new List<BatchPart>();
            TransmissionBatch.Split(lengths, blocks);
            int next = 0;
            foreach (BatchPart block in blocks)
            {
                int room = lengths.AsSpan(block.Start, block.Count).ToArray().Sum(length => length + 2);
                if (block.Start != next || block.Count is < 1 or > 255 || room > Block.MaxTransmissions != block.IsTooLarge)
                {
                    return false;
                }

                next += block.Count;
            }

            return next == lengths.Length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    [Spec("S-113", "S-121")]
    public void A_block_is_filled_in_place_up_to_its_capacity()
    {
        byte[] content = new byte[Block.MaxPlainContent];
        var block = new BlockWriter(content);
        Assert.True(block.TryAdd(new byte[8000]));
        WireWriter second = block.Open();
        second.Write(new byte[8361]);
        Assert.True(block.TryClose(second));
        Assert.Equal(2, block.Count);
        Assert.Equal(1 + Block.MaxTransmissions, block.ContentLength);
        Assert.False(block.TryAdd([1]));
        Assert.Equal(2, TransmissionTests.ReadAll(new TransmissionFormat(20, []), content[..block.ContentLength]).Count);
    }

    [Fact]
    [Spec("S-124")]
    public void A_transmission_alone_may_fill_the_block()
    {
        var block = new BlockWriter(new byte[Block.MaxPlainContent]);
        Assert.False(block.TryAdd(new byte[Block.MaxPlainContent - 2]));
        Assert.Equal(0, block.Count);
        Assert.True(block.TryAdd(new byte[Block.MaxPlainContent - 3]));
        Assert.Equal(Block.MaxPlainContent, block.ContentLength);
        Assert.False(block.TryAdd([1]));
    }

    [Fact]
    [Spec("S-113")]
    public void A_block_counts_to_255()
    {
        var block = new BlockWriter(new byte[Block.MaxPlainContent]);
        for (int i = 0; i < 255; i++)
        {
            Assert.True(block.TryAdd([1, 2]));
        }

        Assert.False(block.TryAdd([1]));
        Assert.Equal(255, block.Count);
    }
}
