using System.Collections.Immutable;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage;

/// <summary>The keys of a queue as one stored value: a count byte, then each DER key after a length byte.</summary>
internal static class StoredKeys
{
    private const int MaxKeys = 255;
    private const int LongestSpki = 69;

    /// <summary>Bytes that hold <paramref name="keys"/> keys, whatever they are.</summary>
    public static int MaxBytes(int keys) => 1 + (keys * (1 + LongestSpki));

    /// <summary>Writes keys; returns the part of <paramref name="buffer"/> that holds them.</summary>
    public static ReadOnlySpan<byte> Write(ImmutableArray<PublicKey> keys, Span<byte> buffer)
    {
        var writer = new WireWriter(buffer);
        writer.WriteByte(checked((byte)keys.Length));
        foreach (PublicKey key in keys)
        {
            writer.WriteShort(key.Spki);
        }

        return writer.Written;
    }

    /// <summary>Reads keys; false when they are damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, out ImmutableArray<PublicKey> keys)
    {
        var reader = new WireReader(encoded);
        int count = reader.ReadByte();
        ImmutableArray<PublicKey>.Builder builder = ImmutableArray.CreateBuilder<PublicKey>(count);
        for (int i = 0; i < count && PublicKey.TryDecode(reader.ReadShort()) is { } key; i++)
        {
            builder.Add(key);
        }

        bool complete = count is > 0 and <= MaxKeys && builder.Count == count && reader.IsComplete;
        keys = complete ? builder.MoveToImmutable() : [];
        return complete;
    }
}
