using System.Runtime.InteropServices;
using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto.Certificates;

/// <summary>The calls of libcrypto that certificates and their keys need. Pointers are OpenSSL objects.</summary>
internal static unsafe partial class LibX509
{
    private const string Library = NativeLibraries.Crypto;

    public const int NidRsa = 6;
    public const int NidEcdsa = 408;
    public const int NidEd25519 = 1087;
    public const int NidEd448 = 1088;

    static LibX509() => NativeLibraries.Register();

    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    [SuppressGCTransition]
    public static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "ERR_get_error")]
    public static partial nuint GetError();

    [LibraryImport(Library, EntryPoint = "ERR_reason_error_string")]
    public static partial nint ReasonOf(nuint error);

    [LibraryImport(Library, EntryPoint = "d2i_AutoPrivateKey")]
    public static partial nint ReadPrivateKey(nint* reuse, byte** der, nint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "i2d_PUBKEY")]
    public static partial int WritePublicKey(PrivateKeyHandle key, byte** der);

    [LibraryImport(Library, EntryPoint = "d2i_X509")]
    public static partial nint ReadCertificate(nint* reuse, byte** der, nint length);

    [LibraryImport(Library, EntryPoint = "i2d_X509")]
    public static partial int WriteCertificate(nint certificate, byte** der);

    [LibraryImport(Library, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Library, EntryPoint = "X509_get_version")]
    public static partial nint Version(CertificateHandle certificate);

    [LibraryImport(Library, EntryPoint = "X509_get0_notBefore")]
    public static partial nint NotBefore(CertificateHandle certificate);

    [LibraryImport(Library, EntryPoint = "X509_get0_notAfter")]
    public static partial nint NotAfter(CertificateHandle certificate);

    /// <summary>Negative: the ASN.1 time is at or before <paramref name="unixSeconds"/>; positive: after; 0: unreadable.</summary>
    [LibraryImport(Library, EntryPoint = "X509_cmp_time")]
    public static partial int CompareTime(nint asn1Time, long* unixSeconds);

    /// <summary>Borrowed EVP_PKEY of the certificate.</summary>
    [LibraryImport(Library, EntryPoint = "X509_get0_pubkey")]
    public static partial nint PublicKeyOf(CertificateHandle certificate);

    [LibraryImport(Library, EntryPoint = "i2d_PUBKEY")]
    public static partial int WriteBorrowedPublicKey(nint key, byte** der);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_base_id")]
    public static partial int KeyType(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_bits")]
    public static partial int KeyBits(nint key);

    /// <summary>1 when the certificate's signature was made by the key.</summary>
    [LibraryImport(Library, EntryPoint = "X509_verify")]
    public static partial int VerifySignature(CertificateHandle certificate, nint issuerKey);

    /// <summary>0 when names, key identifiers and key usage say that the first certificate issued the second.</summary>
    [LibraryImport(Library, EntryPoint = "X509_check_issued")]
    public static partial int CheckIssued(CertificateHandle issuer, CertificateHandle subject);

    [LibraryImport(Library, EntryPoint = "X509_get_extension_flags")]
    public static partial uint ExtensionFlags(CertificateHandle certificate);

    [LibraryImport(Library, EntryPoint = "X509_get_key_usage")]
    public static partial uint KeyUsage(CertificateHandle certificate);

    /// <summary>-1 when there is no path length limit.</summary>
    [LibraryImport(Library, EntryPoint = "X509_get_pathlen")]
    public static partial nint PathLength(CertificateHandle certificate);

    [LibraryImport(Library, EntryPoint = "X509_get_subject_name")]
    public static partial nint SubjectName(CertificateHandle certificate);

    [LibraryImport(Library, EntryPoint = "X509_NAME_get_index_by_NID")]
    public static partial int FindInName(nint name, int nid, int after);

    [LibraryImport(Library, EntryPoint = "X509_NAME_get_entry")]
    public static partial nint NameEntry(nint name, int index);

    [LibraryImport(Library, EntryPoint = "X509_NAME_ENTRY_get_data")]
    public static partial nint NameEntryText(nint entry);

    [LibraryImport(Library, EntryPoint = "ASN1_STRING_to_UTF8")]
    public static partial int ToUtf8(byte** text, nint asn1String);

    [LibraryImport(Library, EntryPoint = "CRYPTO_free")]
    public static partial void Free(nint memory, nint file, int line);
}
