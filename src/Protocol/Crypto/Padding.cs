using System.Buffers.Binary;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// Padded strings (S-026), in place: <c>length(2) content '#'...</c> up to the size of the buffer, which hides the
/// content's length.
/// </summary>
public static class Padding
{
    /// <summary>Bytes in front of the content.</summary>
    public const int PrefixLength = 2;

    /// <summary>The longest content in a buffer of any size.</summary>
    public const int MaxContentLength = ushort.MaxValue - PrefixLength;

    private const byte Fill = (byte)'#';

    /// <summary>Writes the length and the fill around content that stands at <see cref="PrefixLength"/> already.</summary>
    /// <returns>False, with nothing written, when the content is longer than the buffer or the format holds.</returns>
    public static bool TryPad(Span<byte> buffer, int contentLength)
    {
        if (contentLength > Math.Min(buffer.Length - PrefixLength, MaxContentLength))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)contentLength);
        buffer[(PrefixLength + contentLength)..].Fill(Fill);
        return true;
    }

    /// <summary>Reads the length of the content, which stands at <see cref="PrefixLength"/>; the fill is not checked.</summary>
    /// <returns>False when the buffer is shorter than it says.</returns>
    public static bool TryUnpad(ReadOnlySpan<byte> buffer, out int contentLength)
    {
        contentLength = 0;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(buffer, out ushort length) || length > buffer.Length - PrefixLength)
        {
            return false;
        }

        contentLength = length;
        return true;
    }
}
