using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// The key of a <see cref="SecretBox"/>: HSalsa20 of a shared secret and zeros (S-028). Making it a type of its own
/// keeps a raw secret from being used as a key, and lets a connection keep the result instead of repeating the
/// agreement. A value of 32 bytes: whoever holds one calls <see cref="Clear"/> when done.
/// </summary>
public struct BoxKey
{
    /// <summary>Bytes of a key, and of the secret that it comes from.</summary>
    public const int Length = 32;

    private Bytes32 _bytes;

    /// <summary>Derives the key from an X25519 secret or another secret of 32 bytes.</summary>
    public BoxKey(ReadOnlySpan<byte> secret)
    {
        Require.Length(secret, Length);
        _ = Sodium.HSalsa20(_bytes, stackalloc byte[16], secret, IntPtr.Zero);
    }

    /// <summary>The key's bytes; valid as long as the variable it was called on.</summary>
    [UnscopedRef]
    internal readonly ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Agrees with <paramref name="theirs"/> and derives the key.</summary>
    /// <returns>False when the other key has a small order; the key is then not usable.</returns>
    public static bool TryAgree(PrivateKey mine, PublicKey theirs, out BoxKey key)
    {
        ArgumentNullException.ThrowIfNull(mine);
        Span<byte> secret = stackalloc byte[Length];
        bool agreed = mine.TryAgree(theirs, secret);
        key = new BoxKey(secret);
        CryptographicOperations.ZeroMemory(secret);
        return agreed;
    }

    /// <summary>Wipes the key.</summary>
    public void Clear() => CryptographicOperations.ZeroMemory(_bytes);

    [InlineArray(Length)]
    private struct Bytes32
    {
        private byte _first;
    }
}
