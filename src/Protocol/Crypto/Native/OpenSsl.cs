using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SimplexActors.Protocol.Crypto.Native;

/// <summary>The functions of OpenSSL's libcrypto that keys on Curve448 need.</summary>
internal static partial class OpenSsl
{
    private const string Library = NativeLibraries.Crypto;

    static OpenSsl() => NativeLibraries.Register();

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    internal static partial KeyHandle NewRawPrivateKey(int type, IntPtr engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    internal static partial KeyHandle NewRawPublicKey(int type, IntPtr engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    internal static partial int GetRawPublicKey(KeyHandle key, Span<byte> output, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    internal static partial DigestHandle NewDigest();

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    internal static partial int SignInit(DigestHandle context, IntPtr keyContext, IntPtr digest, IntPtr engine, KeyHandle key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    internal static partial int Sign(DigestHandle context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> message, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    internal static partial int VerifyInit(DigestHandle context, IntPtr keyContext, IntPtr digest, IntPtr engine, KeyHandle key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    internal static partial int Verify(DigestHandle context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> message, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new")]
    internal static partial KeyContextHandle NewKeyContext(KeyHandle key, IntPtr engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_init")]
    internal static partial int DeriveInit(KeyContextHandle context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_set_peer")]
    internal static partial int DeriveSetPeer(KeyContextHandle context, KeyHandle peer);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive")]
    internal static partial int Derive(KeyContextHandle context, Span<byte> secret, ref nuint length);

    /// <summary>A failed call leaves its reason in a queue of the thread, where TLS would find it later.</summary>
    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    internal static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(IntPtr key);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeDigest(IntPtr context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    private static partial void FreeKeyContext(IntPtr context);

    /// <summary>An <c>EVP_PKEY</c>.</summary>
    internal sealed class KeyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle()
        {
            FreeKey(handle);
            return true;
        }
    }

    /// <summary>An <c>EVP_MD_CTX</c>.</summary>
    internal sealed class DigestHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle()
        {
            FreeDigest(handle);
            return true;
        }
    }

    /// <summary>An <c>EVP_PKEY_CTX</c>.</summary>
    internal sealed class KeyContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle()
        {
            FreeKeyContext(handle);
            return true;
        }
    }
}
