using System.Buffers;
using System.Buffers.Text;

namespace SimplexActors.Protocol.Encoding;

/// <summary>
/// Base64 with the alphabet for URLs, written with padding and read with or without it, as addresses and
/// the control port spell fingerprints and ids.
/// </summary>
public static class Base64UrlText
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Encodes with padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        string text = Base64Url.EncodeToString(bytes);
        return text.PadRight((text.Length + 3) / 4 * 4, '=');
    }

    /// <summary>
    /// The bytes; null when <paramref name="text"/> has other characters, a wrong number of padding
    /// characters, or unused bits that are not zero. So every value has one text, up to the padding.
    /// </summary>
    public static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> digits = text.TrimEnd('=');
        bool isPadded = digits.Length != text.Length;
        if (digits.ContainsAnyExcept(Alphabet) || digits.Length % 4 == 1 || (isPadded && (text.Length % 4 != 0 || text.Length - digits.Length > 2)))
        {
            return null;
        }

        byte[] bytes = new byte[digits.Length * 3 / 4];
        OperationStatus status = Base64Url.DecodeFromChars(digits, bytes, out _, out int written);
        return status is OperationStatus.Done && written == bytes.Length && Base64Url.EncodeToString(bytes).AsSpan().SequenceEqual(digits) ? bytes : null;
    }
}
