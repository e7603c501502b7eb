namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// A session key that a certificate's key signed (S-021), DER:
/// <c>SEQUENCE { SEQUENCE { SubjectPublicKeyInfo }, AlgorithmIdentifier, BIT STRING }</c>. The signature covers the
/// inner SEQUENCE with its header. Session keys are X25519 (routers) or Ed25519 (services), both 44 bytes, so each
/// of the two signature algorithms has one fixed header, and nothing else has to be parsed.
/// </summary>
public sealed class SignedKey
{
    private const int InnerLength = 2 + 44;

    private readonly byte[] _der;
    private readonly int _innerStart;
    private readonly int _signatureLength;

    private SignedKey(byte[] der, PublicKey key, int innerStart, int signatureLength)
    {
        _der = der;
        Key = key;
        _innerStart = innerStart;
        _signatureLength = signatureLength;
    }

    /// <summary>The signed key.</summary>
    public PublicKey Key { get; }

    /// <summary>The whole encoding: 173 bytes (signed by Ed448) or 122 (Ed25519).</summary>
    public ReadOnlySpan<byte> Der => _der;

    /// <summary>Signs <paramref name="key"/>.</summary>
    /// <param name="key">The session's key, X25519 or Ed25519.</param>
    /// <param name="signer">The key of the leaf certificate, Ed25519 or Ed448.</param>
    public static SignedKey Sign(PublicKey key, PrivateKey signer)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(signer);
        byte[] signature = new byte[Signature.LengthOf(signer.Algorithm)];
        byte[] inner = [.. InnerHeader, .. key.Spki];
        Require.Length(inner, InnerLength);
        signer.Sign(inner, signature);
        ReadOnlySpan<byte> header = OuterHeader(signer.Algorithm);
        byte[] der = [.. header, .. inner, .. SignatureHeader(signer.Algorithm), .. signature];
        return new SignedKey(der, key, header.Length, signature.Length);
    }

    /// <summary>Reads DER; null for other keys, algorithms or lengths. Does not check the signature.</summary>
    public static SignedKey? TryDecode(ReadOnlySpan<byte> der) =>
        TryDecode(der, KeyAlgorithm.Ed448) ?? TryDecode(der, KeyAlgorithm.Ed25519);

    /// <summary>True when <paramref name="signer"/> signed the key.</summary>
    public bool IsSignedBy(PublicKey signer) =>
        Signature.Verify(signer, _der.AsSpan(_innerStart, InnerLength), _der.AsSpan(_der.Length - _signatureLength));

    private static SignedKey? TryDecode(ReadOnlySpan<byte> der, KeyAlgorithm signer)
    {
        ReadOnlySpan<byte> header = OuterHeader(signer);
        ReadOnlySpan<byte> signatureHeader = SignatureHeader(signer);
        int signatureLength = Signature.LengthOf(signer);
        if (der.Length != header.Length + InnerLength + signatureHeader.Length + signatureLength || !der.StartsWith(header))
        {
            return null;
        }

        ReadOnlySpan<byte> inner = der.Slice(header.Length, InnerLength);
        return inner.StartsWith(InnerHeader)
            && der[(header.Length + InnerLength)..].StartsWith(signatureHeader)
            && PublicKey.TryDecode(inner[InnerHeader.Length..]) is { } key
            ? new SignedKey(der.ToArray(), key, header.Length, signatureLength)
            : null;
    }

    private static ReadOnlySpan<byte> InnerHeader => [0x30, 44];

    private static ReadOnlySpan<byte> OuterHeader(KeyAlgorithm signer) =>
        signer is KeyAlgorithm.Ed25519 ? [0x30, 120] : [0x30, 0x81, 170];

    // AlgorithmIdentifier, then tag, length and the count of unused bits of the BIT STRING.
    private static ReadOnlySpan<byte> SignatureHeader(KeyAlgorithm signer) => signer is KeyAlgorithm.Ed25519
        ? [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 65, 0]
        : [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x71, 0x03, 115, 0];
}
