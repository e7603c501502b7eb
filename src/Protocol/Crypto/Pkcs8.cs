using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// Private keys as PKCS#8, the format of <c>server.key</c>. Every algorithm of the protocol has one fixed prefix:
/// SEQUENCE { version 0, AlgorithmIdentifier, OCTET STRING { OCTET STRING } }.
/// </summary>
public static class Pkcs8
{
    private const string PemLabel = "PRIVATE KEY";
    private const int PrefixLength = 16;
    private const int MaxLength = PrefixLength + 57;

    /// <summary>Reads DER; null for another algorithm, length or encoding.</summary>
    public static PrivateKey? TryDecode(ReadOnlySpan<byte> der)
    {
        foreach (KeyAlgorithm algorithm in (ReadOnlySpan<KeyAlgorithm>)[KeyAlgorithm.Ed25519, KeyAlgorithm.Ed448, KeyAlgorithm.X25519, KeyAlgorithm.X448])
        {
            if (der.Length == LengthOf(algorithm) && der.StartsWith(Prefix(algorithm)))
            {
                return PrivateKey.FromRaw(algorithm, der[PrefixLength..]);
            }
        }

        return null;
    }

    /// <summary>Reads the first PEM block that is a private key; null when there is none or it is of no known kind.</summary>
    public static PrivateKey? TryDecodePem(ReadOnlySpan<char> pem)
    {
        while (PemEncoding.TryFind(pem, out PemFields fields))
        {
            if (pem[fields.Label] is PemLabel)
            {
                return TryDecodeBase64(pem[fields.Base64Data]);
            }

            pem = pem[fields.Location.End..];
        }

        return null;
    }

    /// <summary>Bytes of <paramref name="algorithm"/>'s keys as DER.</summary>
    public static int LengthOf(KeyAlgorithm algorithm) => PrefixLength + PublicKey.RawLength(algorithm);

    /// <summary>Writes DER.</summary>
    /// <param name="key">The key.</param>
    /// <param name="der">Filled; <see cref="LengthOf"/> bytes. The caller wipes it.</param>
    public static void Encode(PrivateKey key, Span<byte> der)
    {
        ArgumentNullException.ThrowIfNull(key);
        Require.Length(der, LengthOf(key.Algorithm));
        Prefix(key.Algorithm).CopyTo(der);
        key.Raw.CopyTo(der[PrefixLength..]);
    }

    /// <summary>Writes one PEM block, ending in a line feed. The caller wipes the characters.</summary>
    public static char[] EncodePem(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> der = stackalloc byte[LengthOf(key.Algorithm)];
        Encode(key, der);
        char[] pem = new char[PemEncoding.GetEncodedSize(PemLabel.Length, der.Length) + 1];
        _ = PemEncoding.TryWrite(PemLabel, der, pem, out int written);
        pem[written] = '\n';
        CryptographicOperations.ZeroMemory(der);
        return pem;
    }

    private static PrivateKey? TryDecodeBase64(ReadOnlySpan<char> base64)
    {
        Span<byte> der = stackalloc byte[MaxLength];
        try
        {
            return Convert.TryFromBase64Chars(base64, der, out int length) ? TryDecode(der[..length]) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static ReadOnlySpan<byte> Prefix(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.X25519 => [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20],
        KeyAlgorithm.X448 => [0x30, 0x46, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6f, 0x04, 0x3a, 0x04, 0x38],
        KeyAlgorithm.Ed25519 => [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
        KeyAlgorithm.Ed448 => [0x30, 0x47, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x71, 0x04, 0x3b, 0x04, 0x39],
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
    };
}
