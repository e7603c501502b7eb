using System.Buffers.Binary;

namespace SimplexActors.Protocol.Encoding;

/// <summary>
/// Writes the protocol's primitive encodings (S-001 to S-010) into a span that the caller owns, usually
/// part of one transport block. Running out of room sticks as <see cref="Overflowed"/> instead of
/// throwing: what does not fit in a block is an answer (<c>LARGE_MSG</c>), not a fault.
/// </summary>
public ref struct WireWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>True once something did not fit; what was written is then not usable.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _output[..Length];

    /// <summary>Claims <paramref name="count"/> bytes for the caller to fill.</summary>
    public Span<byte> Claim(int count)
    {
        if (Overflowed || count > _output.Length - Length)
        {
            Overflowed = true;
            return default;
        }

        Span<byte> claimed = _output.Slice(Length, count);
        Length += count;
        return claimed;
    }

    /// <summary>Raw bytes.</summary>
    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        Span<byte> to = Claim(bytes.Length);
        if (!Overflowed)
        {
            bytes.CopyTo(to);
        }
    }

    /// <summary>One byte (S-002).</summary>
    public void WriteByte(byte value)
    {
        if (Claim(1) is { Length: 1 } to)
        {
            to[0] = value;
        }
    }

    /// <summary>Two bytes, big-endian (S-001).</summary>
    public void WriteUInt16(ushort value)
    {
        if (Claim(2) is { Length: 2 } to)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to, value);
        }
    }

    /// <summary>Four bytes, big-endian (S-001).</summary>
    public void WriteUInt32(uint value)
    {
        if (Claim(4) is { Length: 4 } to)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, value);
        }
    }

    /// <summary>Eight bytes, big-endian (S-001).</summary>
    public void WriteInt64(long value)
    {
        if (Claim(8) is { Length: 8 } to)
        {
            BinaryPrimitives.WriteInt64BigEndian(to, value);
        }
    }

    /// <summary>ASCII <c>T</c> or <c>F</c> (S-003).</summary>
    public void WriteBool(bool value) => WriteByte(value ? (byte)'T' : (byte)'F');

    /// <summary>A short string (S-004).</summary>
    /// <exception cref="ArgumentException">More than 255 bytes: a bug of the caller.</exception>
    public void WriteShort(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > byte.MaxValue)
        {
            throw new ArgumentException($"A short string holds at most 255 bytes, not {bytes.Length}.", nameof(bytes));
        }

        WriteByte((byte)bytes.Length);
        Write(bytes);
    }

    /// <summary>A large string (S-005).</summary>
    /// <exception cref="ArgumentException">More than 65535 bytes: a bug of the caller.</exception>
    public void WriteLarge(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"A large string holds at most 65535 bytes, not {bytes.Length}.", nameof(bytes));
        }

        WriteUInt16((ushort)bytes.Length);
        Write(bytes);
    }

    /// <summary>An id as a short string (S-022).</summary>
    public void WriteId(scoped in EntityId id) => WriteShort(id.Bytes);

    /// <summary>The tag of an optional value (S-007); the caller writes the value after <c>1</c>.</summary>
    public void WriteMaybe(bool present) => WriteByte(present ? (byte)'1' : (byte)'0');
}
