using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>
/// The private key of a certificate: Ed25519 or Ed448 for the protocol, any kind OpenSSL knows for a web
/// credential. Thread-safe. The secret lives in OpenSSL's memory and is cleared when disposed.
/// </summary>
public sealed class CertificateKey : IDisposable
{
    private const string PemLabelPkcs8 = "PRIVATE KEY";
    private const int MaxSignatureBytes = 1024;
    private const int MaxRawBytes = 57;

    private CertificateKey(PrivateKeyHandle handle) => Handle = handle;

    internal PrivateKeyHandle Handle { get; }

    /// <summary>Ed25519 or Ed448; null for another kind of key.</summary>
    public KeyAlgorithm? Algorithm => LibX509.KeyType(Handle) switch
    {
        LibX509.NidEd25519 => KeyAlgorithm.Ed25519,
        LibX509.NidEd448 => KeyAlgorithm.Ed448,
        _ => null,
    };

    /// <summary>Makes a new random key.</summary>
    /// <param name="algorithm"><see cref="KeyAlgorithm.Ed25519"/> or <see cref="KeyAlgorithm.Ed448"/>.</param>
    public static unsafe CertificateKey Generate(KeyAlgorithm algorithm)
    {
        int type = algorithm switch
        {
            KeyAlgorithm.Ed25519 => LibX509.NidEd25519,
            KeyAlgorithm.Ed448 => LibX509.NidEd448,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Certificates carry Ed25519 or Ed448 keys."),
        };
        Span<byte> raw = stackalloc byte[MaxRawBytes];
        raw = raw[..PublicKey.RawLength(algorithm)];
        RandomNumberGenerator.Fill(raw);
        try
        {
            fixed (byte* pointer = raw)
            {
                return new CertificateKey(Own(LibX509.NewPrivateKey(type, 0, pointer, (nuint)raw.Length)));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    /// <summary>Reads the first private key of a PEM text (PKCS#8 or the older RSA and EC forms); null if there is none.</summary>
    public static CertificateKey? TryReadPem(ReadOnlySpan<char> pem)
    {
        for (ReadOnlySpan<char> rest = pem; PemEncoding.TryFind(rest, out PemFields fields); rest = rest[fields.Location.End..])
        {
            if (!rest[fields.Label].EndsWith(PemLabelPkcs8, StringComparison.Ordinal))
            {
                continue;
            }

            byte[] der = new byte[fields.DecodedDataLength];
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

    /// <summary>PKCS#8 PEM as OpenSSL writes it (O-082). The caller clears the returned UTF-8 bytes.</summary>
    /// <exception cref="InvalidOperationException">The key is not Ed25519 or Ed448.</exception>
    public unsafe byte[] ExportPem()
    {
        KeyAlgorithm algorithm = Algorithm ?? throw new InvalidOperationException("Only Ed25519 and Ed448 keys are exported.");
        Span<byte> raw = stackalloc byte[MaxRawBytes];
        Span<byte> der = stackalloc byte[MaxRawBytes + 32];
        Span<char> pem = stackalloc char[256];
        try
        {
            nuint length = MaxRawBytes;
            fixed (byte* pointer = raw)
            {
                if (LibX509.GetRawPrivateKey(Handle, pointer, &length) != 1)
                {
                    throw OpenSslError.Fault("export a private key");
                }
            }

            der = der[..WritePkcs8(algorithm, raw[..(int)length], der)];
            _ = PemEncoding.TryWrite(PemLabelPkcs8, der, pem, out int written);
            byte[] text = new byte[written + 1];
            _ = System.Text.Encoding.ASCII.GetBytes(pem[..written], text);
            text[written] = (byte)'\n';
            return text;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
            CryptographicOperations.ZeroMemory(der);
            pem.Clear();
        }
    }

    /// <summary>Signs <paramref name="data"/>: 64 bytes with Ed25519, 114 with Ed448.</summary>
    public unsafe byte[] Sign(ReadOnlySpan<byte> data)
    {
        nint context = LibX509.NewDigestContext();
        try
        {
            Span<byte> signature = stackalloc byte[MaxSignatureBytes];
            nuint length = (nuint)signature.Length;
            fixed (byte* output = signature, input = data)
            {
                if (LibX509.SignInit(context, null, 0, 0, Handle) != 1
                    || LibX509.Sign(context, output, &length, input, (nuint)data.Length) != 1)
                {
                    throw OpenSslError.Fault("sign");
                }
            }

            return signature[..(int)length].ToArray();
        }
        finally
        {
            LibX509.FreeDigestContext(context);
        }
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

    private static PrivateKeyHandle Own(nint key) => key == 0 ? throw OpenSslError.Fault("make a private key") : new PrivateKeyHandle(key);

    /// <summary>RFC 8410: SEQUENCE { 0, SEQUENCE { algorithm }, OCTET STRING { OCTET STRING raw } }, built in place to leave no copy.</summary>
    private static int WritePkcs8(KeyAlgorithm algorithm, ReadOnlySpan<byte> raw, Span<byte> der)
    {
        byte oid = algorithm == KeyAlgorithm.Ed25519 ? (byte)0x70 : (byte)0x71;
        byte size = (byte)raw.Length;
        ReadOnlySpan<byte> head =
        [
            0x30, (byte)(size + 14), 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, oid,
            0x04, (byte)(size + 2), 0x04, size,
        ];
        head.CopyTo(der);
        raw.CopyTo(der[head.Length..]);
        return head.Length + raw.Length;
    }
}
