namespace SimplexActors.Protocol.Crypto;

/// <summary>Signatures of both curves; their length alone says which one made them (S-017).</summary>
public static class Signature
{
    /// <summary>Bytes of an Ed25519 signature.</summary>
    public const int Ed25519Length = 64;

    /// <summary>Bytes of an Ed448 signature.</summary>
    public const int Ed448Length = 114;

    /// <summary>The algorithm of a signature of <paramref name="length"/> bytes; null when none has that length.</summary>
    public static KeyAlgorithm? AlgorithmOf(int length) => length switch
    {
        Ed25519Length => KeyAlgorithm.Ed25519,
        Ed448Length => KeyAlgorithm.Ed448,
        _ => null,
    };

    /// <summary>Bytes of a signature made with <paramref name="algorithm"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its keys do not sign.</exception>
    public static int LengthOf(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Ed25519 => Ed25519Length,
        KeyAlgorithm.Ed448 => Ed448Length,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Keys of this algorithm do not sign."),
    };

    /// <summary>True when <paramref name="signature"/> is <paramref name="key"/>'s over <paramref name="message"/>.</summary>
    /// <remarks>False, without work, when the key is for another algorithm than the signature's length says.</remarks>
    public static bool Verify(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (AlgorithmOf(signature.Length) is not { } algorithm || algorithm != key.Algorithm)
        {
            return false;
        }

        return algorithm is KeyAlgorithm.Ed25519
            ? Ed25519.Verify(key.Raw, message, signature)
            : Curve448.Verify(key.Raw, message, signature);
    }
}
