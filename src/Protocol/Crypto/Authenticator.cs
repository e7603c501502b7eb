using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// The deniable alternative to a signature (S-133): a box of the message's SHA-512, that both ends of a key
/// agreement can make and nobody else can check. <c>tag(16) ++ cipher(64)</c>.
/// </summary>
public static class Authenticator
{
    /// <summary>Bytes of an authenticator.</summary>
    public const int Length = SecretBox.TagLength + SHA512.HashSizeInBytes;

    /// <summary>Makes an authenticator.</summary>
    /// <param name="key">Agreed between the queue's key and the router's session key.</param>
    /// <param name="nonce">24 bytes, made of the correlation id (S-019).</param>
    /// <param name="message">Any bytes.</param>
    /// <param name="authenticator">Filled; 80 bytes.</param>
    public static void Make(in BoxKey key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> authenticator)
    {
        Require.Length(authenticator, Length);
        SHA512.HashData(message, authenticator[SecretBox.TagLength..]);
        SecretBox.Seal(key, nonce, authenticator);
    }

    /// <summary>True when <paramref name="authenticator"/> is one of <paramref name="message"/>.</summary>
    public static bool Verify(in BoxKey key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, ReadOnlySpan<byte> authenticator)
    {
        if (authenticator.Length != Length)
        {
            return false;
        }

        Span<byte> box = stackalloc byte[Length];
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        authenticator.CopyTo(box);
        SHA512.HashData(message, hash);
        return SecretBox.TryOpen(key, nonce, box) && CryptographicOperations.FixedTimeEquals(box[SecretBox.TagLength..], hash);
    }
}
