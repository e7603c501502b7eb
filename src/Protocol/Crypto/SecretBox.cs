using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// XSalsa20-Poly1305 in place (S-027, S-028): the protocol's crypto box and secret box are both this. A box is the
/// tag followed by the cipher text, so the plain text stands <see cref="TagLength"/> bytes into the buffer.
/// </summary>
public static unsafe class SecretBox
{
    /// <summary>Bytes of the tag in front of the cipher text.</summary>
    public const int TagLength = 16;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceLength = 24;

    /// <summary>Encrypts what follows the first 16 bytes of <paramref name="box"/> and puts the tag into them.</summary>
    public static void Seal(in BoxKey key, ReadOnlySpan<byte> nonce, Span<byte> box)
    {
        Require.Length(nonce, NonceLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(box.Length, TagLength);
        fixed (byte* boxed = box, nonced = nonce, keyed = key.Bytes)
        {
            byte* text = boxed + TagLength;
            _ = Sodium.SecretBoxDetached(text, boxed, text, (ulong)(box.Length - TagLength), nonced, keyed);
        }
    }

    /// <summary>Checks the tag and decrypts in place; the plain text stands after the first 16 bytes (S-029).</summary>
    /// <returns>False when the box is too short or the tag is wrong; the buffer is then unchanged.</returns>
    public static bool TryOpen(in BoxKey key, ReadOnlySpan<byte> nonce, Span<byte> box)
    {
        Require.Length(nonce, NonceLength);
        if (box.Length < TagLength)
        {
            return false;
        }

        fixed (byte* boxed = box, nonced = nonce, keyed = key.Bytes)
        {
            byte* text = boxed + TagLength;
            return Sodium.SecretBoxOpenDetached(text, text, boxed, (ulong)(box.Length - TagLength), nonced, keyed) == 0;
        }
    }

    /// <summary>Makes a nonce of any bytes: the first 24, or fewer followed by zeros (S-019).</summary>
    public static void NonceFrom(ReadOnlySpan<byte> bytes, Span<byte> nonce)
    {
        Require.Length(nonce, NonceLength);
        nonce.Clear();
        bytes[..Math.Min(bytes.Length, NonceLength)].CopyTo(nonce);
    }
}
