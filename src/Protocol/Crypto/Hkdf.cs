using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// HKDF with SHA-512 (RFC 5869) over libsodium's HMAC. Every encrypted block takes one derivation; the framework's
/// HKDF costs several times as much, because it fetches its algorithm from OpenSSL for each HMAC.
/// </summary>
public static class Hkdf
{
    private const int HashLength = 64;

    /// <summary>Derives <paramref name="output"/>.Length bytes.</summary>
    /// <param name="secret">Input key material.</param>
    /// <param name="salt">May be empty.</param>
    /// <param name="info">May be empty.</param>
    /// <param name="output">At most 255 * 64 bytes.</param>
    public static void DeriveSha512(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Length, byte.MaxValue * HashLength);
        Span<byte> pseudoRandomKey = stackalloc byte[HashLength];
        Span<byte> block = stackalloc byte[HashLength];
        Sodium.HmacState state = default;
        Span<byte> counter = stackalloc byte[1];

        _ = Sodium.HmacInit(ref state, salt, (nuint)salt.Length);
        _ = Sodium.HmacUpdate(ref state, secret, (ulong)secret.Length);
        _ = Sodium.HmacFinal(ref state, pseudoRandomKey);

        Sodium.HmacState keyed = default;
        _ = Sodium.HmacInit(ref keyed, pseudoRandomKey, HashLength);
        for (int previousLength = 0; !output.IsEmpty; previousLength = HashLength)
        {
            counter[0]++;
            state = keyed;
            _ = Sodium.HmacUpdate(ref state, block, (ulong)previousLength);
            _ = Sodium.HmacUpdate(ref state, info, (ulong)info.Length);
            _ = Sodium.HmacUpdate(ref state, counter, 1);
            _ = Sodium.HmacFinal(ref state, block);
            int taken = Math.Min(HashLength, output.Length);
            block[..taken].CopyTo(output);
            output = output[taken..];
        }

        CryptographicOperations.ZeroMemory(pseudoRandomKey);
        CryptographicOperations.ZeroMemory(block);
        Wipe(ref state);
        Wipe(ref keyed);
    }

    private static void Wipe(ref Sodium.HmacState state) =>
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes((Span<ulong>)state));
}
