using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>
/// The private key of a certificate as OpenSSL holds it for TLS: of the protocol's kinds, or RSA for a web
/// credential. The secret lives in OpenSSL's memory and is cleared when disposed.
/// </summary>
public sealed class CertificateKey : IDisposable
{
    private const string PemLabelEnd = "PRIVATE KEY";

    private CertificateKey(PrivateKeyHandle handle) => Handle = handle;

    internal PrivateKeyHandle Handle { get; }

    /// <summary>Copies one of the protocol's keys.</summary>
    public static CertificateKey From(PrivateKey key)
    {
        Span<byte> der = stackalloc byte[Pkcs8.LengthOf(key.Algorithm)];
        try
        {
            Pkcs8.Encode(key, der);
            return TryReadDer(der) ?? throw new CryptographicException("OpenSSL does not take the private key.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    /// <summary>Reads the first private key of a PEM text (PKCS#8 or the older RSA and EC forms); null if there is none that is readable.</summary>
    public static CertificateKey? TryReadPem(ReadOnlySpan<char> pem)
    {
        for (ReadOnlySpan<char> rest = pem; PemEncoding.TryFind(rest, out PemFields fields); rest = rest[fields.Location.End..])
        {
            if (!rest[fields.Label].EndsWith(PemLabelEnd, StringComparison.Ordinal))
            {
                continue;
            }

            byte[] der = GC.AllocateUninitializedArray<byte>(fields.DecodedDataLength, pinned: true);
            try
            {
                return Convert.TryFromBase64Chars(rest[fields.Base64Data], der, out int length) ? TryReadDer(der.AsSpan(0, length)) : null;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(der);
            }
        }

        return null;
    }

    /// <summary>DER SubjectPublicKeyInfo of the public half.</summary>
    public unsafe byte[] ExportPublicKey()
    {
        byte[] der = new byte[LibX509.WritePublicKey(Handle, null)];
        fixed (byte* start = der)
        {
            byte* cursor = start;
            _ = LibX509.WritePublicKey(Handle, &cursor);
        }

        return der;
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static unsafe CertificateKey? TryReadDer(ReadOnlySpan<byte> der)
    {
        LibX509.ClearErrors();
        fixed (byte* start = der)
        {
            byte* cursor = start;
            nint key = LibX509.ReadPrivateKey(null, &cursor, der.Length);
            LibX509.ClearErrors();
            return key == 0 ? null : new CertificateKey(new PrivateKeyHandle(key));
        }
    }
}
