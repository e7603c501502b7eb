using System.Security.Cryptography;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>
/// One X.509 certificate, read by OpenSSL. Answers the questions that chain validation (S-057, S-058)
/// and credential loading ask. Dispose it soon: it holds native memory.
/// </summary>
public sealed class Certificate : IDisposable
{
    private const int NidCommonName = 13;
    private const int Version3 = 2;
    private const uint FlagKeyUsage = 0x0002;
    private const uint FlagAuthority = 0x0010;
    private const uint FlagUnreadable = 0x0080;
    private const uint FlagUnknownCritical = 0x0200;
    private const uint UsageDigitalSignature = 0x0080;

    private readonly CertificateHandle _handle;

    private Certificate(CertificateHandle handle) => _handle = handle;

    /// <summary>Ed25519 or Ed448, the kinds of key that the protocol uses; null for another.</summary>
    public KeyAlgorithm? KeyAlgorithm => KeyType switch
    {
        LibX509.NidEd25519 => Crypto.KeyAlgorithm.Ed25519,
        LibX509.NidEd448 => Crypto.KeyAlgorithm.Ed448,
        _ => null,
    };

    /// <summary>Bits of an RSA modulus; 0 if the key is not RSA.</summary>
    public int RsaBits => KeyType == LibX509.NidRsa ? LibX509.KeyBits(LibX509.PublicKeyOf(_handle)) : 0;

    /// <summary>Bits of the group of an elliptic curve key for ECDSA; 0 if the key is another one.</summary>
    public int EcdsaBits => KeyType == LibX509.NidEcdsa ? LibX509.KeyBits(LibX509.PublicKeyOf(_handle)) : 0;

    internal bool IsVersion3 => LibX509.Version(_handle) == Version3;

    /// <summary>Basic constraints say CA.</summary>
    internal bool IsAuthority => (Flags & FlagAuthority) != 0;

    /// <summary>Extensions could be read and none that is critical is unknown.</summary>
    internal bool IsUnderstood => (Flags & (FlagUnreadable | FlagUnknownCritical)) == 0;

    /// <summary>There is no key usage, or it contains digitalSignature.</summary>
    internal bool MaySign => (Flags & FlagKeyUsage) == 0 || (LibX509.KeyUsage(_handle) & UsageDigitalSignature) != 0;

    /// <summary>How many authorities may stand between this one and a leaf.</summary>
    internal long MaxAuthoritiesBelow => LibX509.PathLength(_handle) is >= 0 and var limit ? limit : long.MaxValue;

    private uint Flags => LibX509.ExtensionFlags(_handle);

    private int KeyType => LibX509.PublicKeyOf(_handle) is not 0 and var key ? LibX509.KeyType(key) : 0;

    /// <summary>Reads one DER certificate; null if it is not exactly one.</summary>
    public static unsafe Certificate? TryRead(ReadOnlySpan<byte> der)
    {
        LibX509.ClearErrors();
        fixed (byte* start = der)
        {
            byte* cursor = start;
            nint certificate = LibX509.ReadCertificate(null, &cursor, der.Length);
            LibX509.ClearErrors();
            if (certificate == 0)
            {
                return null;
            }

            Certificate read = new(new CertificateHandle(certificate));
            if (cursor == start + der.Length)
            {
                return read;
            }

            read.Dispose();
            return null;
        }
    }

    /// <summary>All certificates of a PEM text as DER, in order; other PEM blocks are skipped.</summary>
    public static IReadOnlyList<byte[]> ReadPem(ReadOnlySpan<char> pem)
    {
        var found = new List<byte[]>();
        for (ReadOnlySpan<char> rest = pem; PemEncoding.TryFind(rest, out PemFields fields); rest = rest[fields.Location.End..])
        {
            if (rest[fields.Label].SequenceEqual("CERTIFICATE"))
            {
                byte[] der = new byte[fields.DecodedDataLength];
                _ = Convert.TryFromBase64Chars(rest[fields.Base64Data], der, out _);
                found.Add(der);
            }
        }

        return found;
    }

    /// <summary>DER SubjectPublicKeyInfo; empty if the key is of a kind OpenSSL does not know.</summary>
    public unsafe byte[] ExportPublicKey()
    {
        nint key = LibX509.PublicKeyOf(_handle);
        if (key == 0)
        {
            LibX509.ClearErrors();
            return [];
        }

        byte[] der = new byte[LibX509.WriteBorrowedPublicKey(key, null)];
        fixed (byte* start = der)
        {
            byte* cursor = start;
            _ = LibX509.WriteBorrowedPublicKey(key, &cursor);
        }

        return der;
    }

    /// <summary>The first common name of the subject; null if there is none.</summary>
    public unsafe string? ReadCommonName()
    {
        nint subject = LibX509.SubjectName(_handle);
        int index = LibX509.FindInName(subject, NidCommonName, -1);
        if (index < 0)
        {
            return null;
        }

        byte* text = null;
        int length = LibX509.ToUtf8(&text, LibX509.NameEntryText(LibX509.NameEntry(subject, index)));
        if (length < 0)
        {
            LibX509.ClearErrors();
            return null;
        }

        string name = System.Text.Encoding.UTF8.GetString(text, length);
        LibX509.Free((nint)text, 0, 0);
        return name;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Negative before the validity period, positive after it, 0 within.</summary>
    internal unsafe int CompareValidity(DateTimeOffset now)
    {
        long seconds = now.ToUnixTimeSeconds();
        if (LibX509.CompareTime(LibX509.NotBefore(_handle), &seconds) >= 0)
        {
            return -1;
        }

        return LibX509.CompareTime(LibX509.NotAfter(_handle), &seconds) > 0 ? 0 : 1;
    }

    /// <summary>The signature was made by the certificate's own key; what the key may be used for is not asked.</summary>
    internal bool IsSelfSigned()
    {
        nint key = LibX509.PublicKeyOf(_handle);
        bool signed = key != 0 && LibX509.VerifySignature(_handle, key) == 1;
        LibX509.ClearErrors();
        return signed;
    }

    /// <summary>Name, key identifiers and key usage match, and the signature was made by the issuer's key.</summary>
    internal bool IsIssuedBy(Certificate issuer)
    {
        nint key = LibX509.PublicKeyOf(issuer._handle);
        bool issued = key != 0
            && LibX509.CheckIssued(issuer._handle, _handle) == 0
            && LibX509.VerifySignature(_handle, key) == 1;
        LibX509.ClearErrors();
        return issued;
    }
}
