using System.Buffers.Binary;

namespace SimplexActors.Protocol.Encoding;

/// <summary>
/// Reads the protocol's primitive encodings (S-001 to S-010) from a span. The first failure sticks:
/// later reads return defaults, so a parser reads its fields in order and asks <see cref="Failed"/> once.
/// Nothing here throws on bad input.
/// </summary>
public ref struct WireReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    /// <summary>True once a read went past the end or met bytes that its type does not allow.</summary>
    public bool Failed { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>True when everything was read and nothing failed.</summary>
    public readonly bool IsComplete => !Failed && _rest.IsEmpty;

    /// <summary>Marks the input as bad; used by parsers of composite types.</summary>
    public void Fail()
    {
        Failed = true;
        _rest = default;
    }

    /// <summary><paramref name="count"/> raw bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count > _rest.Length)
        {
            Fail();
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>One byte (S-002).</summary>
    public byte ReadByte() => Take(1) is [byte value] ? value : (byte)0;

    /// <summary>The next byte without taking it; -1 at the end.</summary>
    public readonly int Peek() => _rest.IsEmpty ? -1 : _rest[0];

    /// <summary>Two bytes, big-endian (S-001).</summary>
    public ushort ReadUInt16() => Take(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16BigEndian(b) : (ushort)0;

    /// <summary>Four bytes, big-endian (S-001).</summary>
    public uint ReadUInt32() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32BigEndian(b) : 0;

    /// <summary>Eight bytes, big-endian, two's complement (S-001).</summary>
    public long ReadInt64() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadInt64BigEndian(b) : 0;

    /// <summary>ASCII <c>T</c> or <c>F</c> (S-003).</summary>
    public bool ReadBool()
    {
        switch (ReadByte())
        {
            case (byte)'T':
                return true;
            case (byte)'F':
                return false;
            default:
                Fail();
                return false;
        }
    }

    /// <summary>A short string: one length byte, then the bytes (S-004).</summary>
    public ReadOnlySpan<byte> ReadShort() => Take(ReadByte());

    /// <summary>A large string: two length bytes, then the bytes (S-005).</summary>
    public ReadOnlySpan<byte> ReadLarge() => Take(ReadUInt16());

    /// <summary>All that is left (S-006).</summary>
    public ReadOnlySpan<byte> ReadTail() => Take(_rest.Length);

    /// <summary>A short string as an id (S-022).</summary>
    public EntityId ReadId() => new(ReadShort());

    /// <summary>The tag of an optional value: true for <c>1</c>, false for <c>0</c> (S-007).</summary>
    public bool ReadMaybe()
    {
        switch (ReadByte())
        {
            case (byte)'1':
                return true;
            case (byte)'0':
                return false;
            default:
                Fail();
                return false;
        }
    }

    /// <summary>Takes exactly <paramref name="expected"/> or fails.</summary>
    public void Expect(byte expected)
    {
        if (ReadByte() != expected)
        {
            Fail();
        }
    }
}
