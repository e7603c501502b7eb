using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SimplexActors.Protocol.Encoding;

/// <summary>
/// An opaque identifier of 0 to 255 bytes: entity, correlation, message and session ids (S-022).
/// Ids of up to 24 bytes - all that routers make - are held inline; longer ones, which only a client
/// can choose, hold an array. The text form deliberately shows nothing: ids must not reach a log.
/// </summary>
public readonly struct EntityId : IEquatable<EntityId>
{
    /// <summary>Bytes of every id that a router generates (S-228).</summary>
    public const int GeneratedLength = 24;

    /// <summary>The longest id that a short string can carry.</summary>
    public const int MaxLength = byte.MaxValue;

    private static readonly ulong HashSeed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    private readonly Inline24 _inline;
    private readonly byte[]? _long;
    private readonly byte _length;

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    /// <exception cref="ArgumentException">More than 255 bytes.</exception>
    public EntityId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
        {
            throw new ArgumentException($"An id holds at most {MaxLength} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _length = (byte)bytes.Length;
        if (bytes.Length <= GeneratedLength)
        {
            bytes.CopyTo(_inline);
        }
        else
        {
            _long = bytes.ToArray();
        }
    }

    /// <summary>The id of no bytes.</summary>
    public static EntityId Empty => default;

    /// <summary>Number of bytes.</summary>
    public int Length => _length;

    /// <summary>True for the id of no bytes.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>The bytes; valid as long as the variable it was called on.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => _long ?? ((ReadOnlySpan<byte>)_inline)[.._length];

    /// <summary>A fresh id of 24 random bytes (S-228).</summary>
    public static EntityId Random()
    {
        Span<byte> bytes = stackalloc byte[GeneratedLength];
        RandomNumberGenerator.Fill(bytes);
        return new EntityId(bytes);
    }

    /// <summary>Copies the bytes to a new array.</summary>
    public byte[] ToArray() => Bytes.ToArray();

    /// <inheritdoc/>
    public bool Equals(EntityId other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EntityId other && Equals(other);

    /// <summary>Seeded per process, because clients choose some ids.</summary>
    public override int GetHashCode()
    {
        ref readonly byte start = ref MemoryMarshal.GetReference((ReadOnlySpan<byte>)_inline);
        if (_long is not null)
        {
            var hash = new HashCode();
            hash.AddBytes(_long);
            return hash.ToHashCode();
        }

        ulong a = Unsafe.ReadUnaligned<ulong>(in start);
        ulong b = Unsafe.ReadUnaligned<ulong>(in Unsafe.AddByteOffset(ref Unsafe.AsRef(in start), 8));
        ulong c = Unsafe.ReadUnaligned<ulong>(in Unsafe.AddByteOffset(ref Unsafe.AsRef(in start), 16));
        ulong high = Math.BigMul(a ^ HashSeed, b ^ ~HashSeed, out ulong low);
        high ^= Math.BigMul(c ^ low, HashSeed | 1, out low);
        return (int)(high ^ low) ^ (int)((high ^ low) >> 32) ^ _length;
    }

    /// <summary>Shows the length only; ids never reach a log.</summary>
    public override string ToString() => $"id({_length})";

    /// <summary>Same bytes.</summary>
    public static bool operator ==(EntityId left, EntityId right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(EntityId left, EntityId right) => !left.Equals(right);

    [InlineArray(GeneratedLength)]
    private struct Inline24
    {
        private byte _first;
    }
}
