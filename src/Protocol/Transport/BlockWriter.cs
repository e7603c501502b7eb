using System.Buffers.Binary;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// Fills the content of one block with transmissions (S-113), in place: <see cref="Open"/> gives a writer for the next
/// one, <see cref="TryClose"/> counts it in. A transmission alone may use the whole block (S-124); several respect the
/// capacity that routers pack to (S-121).
/// </summary>
/// <param name="content">Where the block's content goes, from <see cref="BlockEncoder.ContentOf"/>.</param>
public ref struct BlockWriter(Span<byte> content)
{
    private readonly Span<byte> _content = content;

    /// <summary>Bytes of content so far, ready for <see cref="BlockEncoder.Encode"/>.</summary>
    public int ContentLength { get; private set; } = 1;

    /// <summary>Transmissions so far.</summary>
    public readonly int Count => ContentLength > 1 ? _content[0] : 0;

    /// <summary>A writer for the next transmission.</summary>
    public readonly WireWriter Open()
    {
        int start = ContentLength + sizeof(ushort);
        int end = Count == 0 ? _content.Length : Math.Min(_content.Length, 1 + Block.MaxTransmissions);
        return new WireWriter(Count == TransmissionBatch.MaxCount || start >= end ? default : _content[start..end]);
    }

    /// <summary>Counts in what was written since <see cref="Open"/>.</summary>
    /// <returns>False when it did not fit; the block is as before.</returns>
    public bool TryClose(in WireWriter transmission)
    {
        if (transmission.Overflowed || transmission.Length == 0)
        {
            return false;
        }

        int count = Count + 1;
        BinaryPrimitives.WriteUInt16BigEndian(_content[ContentLength..], (ushort)transmission.Length);
        ContentLength += sizeof(ushort) + transmission.Length;
        _content[0] = (byte)count;
        return true;
    }

    /// <summary>Adds a transmission that is written already.</summary>
    /// <returns>False when it does not fit; the block is as before.</returns>
    public bool TryAdd(scoped ReadOnlySpan<byte> transmission)
    {
        WireWriter writer = Open();
        writer.Write(transmission);
        return TryClose(writer);
    }
}
