using System.Buffers.Binary;
using System.Numerics;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage;

/// <summary>
/// CRC-32C over everything that identifies a stored message and over its body: it finds damage, swapped rows
/// and rows cut short. It does not protect against someone who can write to the store.
/// </summary>
public static class MessageChecksum
{
    private const int HeaderBytes = 3 * sizeof(long) + 4;

    /// <summary>The checksum to store with a message.</summary>
    public static uint Compute(in EntityId recipientId, in MessageHeader header, ReadOnlySpan<byte> body)
    {
        Span<byte> fixedPart = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart, header.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[8..], header.Timestamp);
        BinaryPrimitives.WriteInt64LittleEndian(fixedPart[16..], body.Length);
        fixedPart[24] = (byte)recipientId.Length;
        fixedPart[25] = (byte)header.MessageId.Length;
        fixedPart[26] = header.Notify ? (byte)1 : (byte)0;
        fixedPart[27] = header.IsQuotaMarker ? (byte)1 : (byte)0;
        uint crc = Add(uint.MaxValue, fixedPart);
        crc = Add(crc, recipientId.Bytes);
        crc = Add(crc, header.MessageId.Bytes);
        return ~Add(crc, body);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte rest in bytes)
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return crc;
    }
}
