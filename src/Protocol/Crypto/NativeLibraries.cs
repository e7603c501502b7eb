namespace SimplexActors.Protocol.Crypto;

/// <summary>
/// File names of the system's native libraries, with the ABI version that the imports were written
/// for. They are found by the dynamic loader; nothing is bundled.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>OpenSSL 3: certificates, Ed448, X448, AES-GCM, hashes.</summary>
    public const string Crypto = "libcrypto.so.3";

    /// <summary>OpenSSL 3: TLS.</summary>
    public const string Ssl = "libssl.so.3";

    /// <summary>libsodium: X25519, Ed25519, XSalsa20-Poly1305.</summary>
    public const string Sodium = "libsodium.so.23";
}
