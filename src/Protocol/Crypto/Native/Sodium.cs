using System.Runtime.InteropServices;

namespace SimplexActors.Protocol.Crypto.Native;

/// <summary>The functions of libsodium that the protocol uses. Sizes are the callers' duty.</summary>
internal static unsafe partial class Sodium
{
    private const string Library = NativeLibraries.Sodium;

    static Sodium() => NativeLibraries.Register();

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_base")]
    internal static partial int ScalarMultBase(Span<byte> publicKey, ReadOnlySpan<byte> privateKey);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult")]
    internal static partial int ScalarMult(Span<byte> secret, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library, EntryPoint = "crypto_core_hsalsa20")]
    internal static partial int HSalsa20(Span<byte> output, ReadOnlySpan<byte> input, ReadOnlySpan<byte> key, IntPtr constant);

    /// <summary>In place when <paramref name="cipher"/> is <paramref name="plain"/>.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_secretbox_detached")]
    internal static partial int SecretBoxDetached(byte* cipher, byte* tag, byte* plain, ulong length, byte* nonce, byte* key);

    /// <summary>Checks the tag in constant time before it decrypts; in place when both pointers are one.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_secretbox_open_detached")]
    internal static partial int SecretBoxOpenDetached(byte* plain, byte* cipher, byte* tag, ulong length, byte* nonce, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_sign_seed_keypair")]
    internal static partial int SignSeedKeyPair(Span<byte> publicKey, Span<byte> privateKey, ReadOnlySpan<byte> seed);

    [LibraryImport(Library, EntryPoint = "crypto_sign_detached")]
    internal static partial int SignDetached(Span<byte> signature, IntPtr signatureLength, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> privateKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_verify_detached")]
    internal static partial int VerifyDetached(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ulong length, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library, EntryPoint = "crypto_shorthash")]
    internal static partial int ShortHash(out ulong hash, ReadOnlySpan<byte> data, ulong length, ReadOnlySpan<byte> key);
}
