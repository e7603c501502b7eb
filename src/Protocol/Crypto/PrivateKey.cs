using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// A private key with its public half. The bytes live in pinned memory, so that the collector leaves no copies,
/// and are wiped by <see cref="Dispose"/>. Methods may be called from several threads at once.
/// </summary>
public sealed class PrivateKey : IDisposable
{
    private readonly byte[] _raw;
    private readonly OpenSsl.KeyHandle? _handle;

    private PrivateKey(KeyAlgorithm algorithm, ReadOnlySpan<byte> raw)
    {
        Algorithm = algorithm;
        Span<byte> publicKey = stackalloc byte[PublicKey.RawLength(algorithm)];
        switch (algorithm)
        {
            case KeyAlgorithm.Ed25519:
                _raw = GC.AllocateUninitializedArray<byte>(Ed25519.ExpandedLength, pinned: true);
                Ed25519.Expand(raw, publicKey, _raw);
                break;
            case KeyAlgorithm.X25519:
                _raw = CopyPinned(raw);
                X25519.PublicOf(raw, publicKey);
                break;
            default:
                _raw = CopyPinned(raw);
                _handle = Curve448.ImportPrivate(algorithm, raw);
                Curve448.PublicOf(_handle, publicKey);
                break;
        }

        Public = PublicKey.FromRaw(algorithm, publicKey);
    }

    /// <summary>What the key is for.</summary>
    public KeyAlgorithm Algorithm { get; }

    /// <summary>The public half.</summary>
    public PublicKey Public { get; }

    /// <summary>The key itself: 32, 56 or 57 bytes; a seed for the signing algorithms.</summary>
    internal ReadOnlySpan<byte> Raw => _raw.AsSpan(0, PublicKey.RawLength(Algorithm));

    /// <summary>Makes a fresh key.</summary>
    public static PrivateKey Generate(KeyAlgorithm algorithm)
    {
        Span<byte> raw = stackalloc byte[PublicKey.RawLength(algorithm)];
        RandomNumberGenerator.Fill(raw);
        try
        {
            return new PrivateKey(algorithm, raw);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    /// <summary>Makes a key of its raw bytes, which are copied.</summary>
    /// <exception cref="ArgumentException">The length is not that of the algorithm.</exception>
    public static PrivateKey FromRaw(KeyAlgorithm algorithm, ReadOnlySpan<byte> raw)
    {
        Require.Length(raw, PublicKey.RawLength(algorithm));
        return new PrivateKey(algorithm, raw);
    }

    /// <summary>Signs a message.</summary>
    /// <param name="message">Any bytes.</param>
    /// <param name="signature">Filled; <see cref="Signature.LengthOf"/> bytes.</param>
    /// <exception cref="InvalidOperationException">Keys of this algorithm do not sign.</exception>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        switch (Algorithm)
        {
            case KeyAlgorithm.Ed25519:
                Ed25519.Sign(_raw, message, signature);
                break;
            case KeyAlgorithm.Ed448:
                Curve448.Sign(_handle!, message, signature);
                break;
            default:
                throw new InvalidOperationException($"An {Algorithm} key does not sign.");
        }
    }

    /// <summary>Agrees on a secret with the owner of <paramref name="other"/>.</summary>
    /// <param name="other">A key of the same algorithm.</param>
    /// <param name="secret">Filled; 32 bytes (X25519) or 56 (X448).</param>
    /// <returns>
    /// False, with <paramref name="secret"/> all zero, when the other key has a small order: anybody knows the
    /// secret then, so it protects nothing.
    /// </returns>
    /// <exception cref="InvalidOperationException">Keys of this algorithm, or of these two, do not agree.</exception>
    public bool TryAgree(PublicKey other, Span<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Algorithm != Algorithm || Algorithm is not (KeyAlgorithm.X25519 or KeyAlgorithm.X448))
        {
            throw new InvalidOperationException($"Keys of {Algorithm} and {other.Algorithm} do not agree on a secret.");
        }

        Require.Length(secret, PublicKey.RawLength(Algorithm));
        return Algorithm is KeyAlgorithm.X25519
            ? X25519.TryAgree(_raw, other.Raw, secret)
            : Curve448.TryAgree(_handle!, other.Raw, secret);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_raw);
        _handle?.Dispose();
    }

    /// <summary>Shows the algorithm only.</summary>
    public override string ToString() => $"private {Algorithm}";

    private static byte[] CopyPinned(ReadOnlySpan<byte> raw)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(raw.Length, pinned: true);
        raw.CopyTo(copy);
        return copy;
    }
}
