namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// A public key, encoded on the wire and in the store as DER SubjectPublicKeyInfo (S-014).
/// The raw key is the encoding without its fixed prefix.
/// </summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    private readonly byte[] _spki;

    private PublicKey(KeyAlgorithm algorithm, byte[] spki)
    {
        Algorithm = algorithm;
        _spki = spki;
    }

    /// <summary>What the key is for.</summary>
    public KeyAlgorithm Algorithm { get; }

    /// <summary>DER SubjectPublicKeyInfo: 44 bytes (X25519, Ed25519), 68 (X448), 69 (Ed448).</summary>
    public ReadOnlySpan<byte> Spki => _spki;

    /// <summary>The key itself: 32, 56 or 57 bytes.</summary>
    public ReadOnlySpan<byte> Raw => _spki.AsSpan(PrefixLength);

    /// <summary>True for keys that may authorise commands: Ed25519, Ed448, X25519 (S-015).</summary>
    public bool CanAuthorise => Algorithm is not KeyAlgorithm.X448;

    private const int PrefixLength = 12;

    private static ReadOnlySpan<byte> Prefix(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.X25519 => [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00],
        KeyAlgorithm.X448 => [0x30, 0x42, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6f, 0x03, 0x39, 0x00],
        KeyAlgorithm.Ed25519 => [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00],
        KeyAlgorithm.Ed448 => [0x30, 0x43, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x71, 0x03, 0x3a, 0x00],
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
    };

    /// <summary>Length in bytes of a raw key of <paramref name="algorithm"/>.</summary>
    public static int RawLength(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.X448 => 56,
        KeyAlgorithm.Ed448 => 57,
        _ => 32,
    };

    /// <summary>Makes a key of its raw bytes.</summary>
    /// <exception cref="ArgumentException">The length is not that of the algorithm.</exception>
    public static PublicKey FromRaw(KeyAlgorithm algorithm, ReadOnlySpan<byte> raw)
    {
        if (raw.Length != RawLength(algorithm))
        {
            throw new ArgumentException($"A raw {algorithm} key has {RawLength(algorithm)} bytes, not {raw.Length}.", nameof(raw));
        }

        return new PublicKey(algorithm, [.. Prefix(algorithm), .. raw]);
    }

    /// <summary>Reads DER SubjectPublicKeyInfo; null for another algorithm, length or encoding (S-014).</summary>
    public static PublicKey? TryDecode(ReadOnlySpan<byte> spki)
    {
        foreach (KeyAlgorithm algorithm in (ReadOnlySpan<KeyAlgorithm>)[KeyAlgorithm.X25519, KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448, KeyAlgorithm.X448])
        {
            if (spki.Length == PrefixLength + RawLength(algorithm) && spki.StartsWith(Prefix(algorithm)))
            {
                return new PublicKey(algorithm, spki.ToArray());
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && Spki.SequenceEqual(other.Spki);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_spki);
        return hash.ToHashCode();
    }

    /// <summary>Shows the algorithm only.</summary>
    public override string ToString() => Algorithm.ToString();
}
