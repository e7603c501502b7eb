using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage;

/// <summary>The certificates of a service as one stored value: a count byte, then each DER certificate after two length bytes.</summary>
internal static class StoredChain
{
    /// <summary>The stored value.</summary>
    public static byte[] Encode(ImmutableArray<ReadOnlyMemory<byte>> chain)
    {
        byte[] encoded = new byte[1 + chain.Sum(certificate => sizeof(ushort) + certificate.Length)];
        var writer = new WireWriter(encoded);
        writer.WriteByte(checked((byte)chain.Length));
        foreach (ReadOnlyMemory<byte> certificate in chain)
        {
            writer.WriteLarge(certificate.Span);
        }

        return encoded;
    }

    /// <summary>Reads certificates; false when they are damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, out ImmutableArray<ReadOnlyMemory<byte>> chain)
    {
        var reader = new WireReader(encoded);
        int count = reader.ReadByte();
        ImmutableArray<ReadOnlyMemory<byte>>.Builder builder = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        for (int i = 0; i < count; i++)
        {
            builder.Add(reader.ReadLarge().ToArray());
        }

        bool complete = count > 0 && reader.IsComplete;
        chain = complete ? builder.ToImmutable() : [];
        return complete;
    }
}
