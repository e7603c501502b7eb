using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>
/// A hash over rows in any order: the sum of the SHA-256 of each. A row counts with all its columns, each with its length, so that
/// no two different rows are written the same.
/// </summary>
internal sealed class RowHash : IDisposable
{
    private readonly IncrementalHash _row = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private UInt128 _low;
    private UInt128 _high;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The hash of the rows so far.</summary>
    public string Text => $"{_high:x32}{_low:x32}";

    /// <summary>A value of the current row.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int) + 1];
        length[0] = (byte)'b';
        BinaryPrimitives.WriteInt32LittleEndian(length[1..], bytes.Length);
        _row.AppendData(length);
        _row.AppendData(bytes);
    }

    /// <summary>A value of the current row.</summary>
    public void Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + 1];
        bytes[0] = (byte)'n';
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], number);
        _row.AppendData(bytes);
    }

    /// <summary>A value that is not there.</summary>
    public void AddNull() => _row.AppendData("-"u8);

    /// <summary>The current row is complete.</summary>
    public void EndRow()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _row.GetHashAndReset(hash);
        unchecked
        {
            _low += BinaryPrimitives.ReadUInt128LittleEndian(hash);
            _high += BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]);
        }

        Rows++;
    }

    /// <inheritdoc/>
    public void Dispose() => _row.Dispose();
}
