namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>Which algorithms a port accepts: chosen per port, not per connection (S-046).</summary>
public enum TlsParameterSet
{
    /// <summary>ChaCha20-Poly1305 with Edwards curves only: SMP ports.</summary>
    Protocol,

    /// <summary>In addition what browsers need: a port shared with HTTPS.</summary>
    SharedWithWeb,
}

/// <summary>Cipher suites, groups and signature schemes in OpenSSL's names, preferred first (S-042..S-046).</summary>
/// <param name="CiphersTls13">Suites of TLS 1.3.</param>
/// <param name="CiphersTls12">Suites of TLS 1.2.</param>
/// <param name="Groups">Key agreement groups.</param>
/// <param name="SignatureAlgorithms">Signature schemes.</param>
internal sealed record TlsParameters(string CiphersTls13, string CiphersTls12, string Groups, string SignatureAlgorithms)
{
    /// <summary>A router's SMP-only port.</summary>
    public static TlsParameters Protocol { get; } = new(
        "TLS_CHACHA20_POLY1305_SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "X448:X25519",
        "ed448:ed25519");

    /// <summary>A client offers the same, with the cheaper group first: OpenSSL sends a key share for the first only.</summary>
    public static TlsParameters Client { get; } = Protocol with { Groups = "X25519:X448" };

    /// <summary>
    /// A port shared with HTTPS. ChaCha20 stays first, so that the session id of a protocol client has 32 bytes:
    /// with the 48 bytes of a SHA-384 suite a forwarded command would not fit its block (S-128).
    /// </summary>
    public static TlsParameters SharedWithWeb { get; } = new(
        "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
        + ":ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
        + ":ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
        + ":ECDHE-ECDSA-AES256-CCM:ECDHE-ECDSA-AES128-CCM",
        "X25519:X448:ffdhe4096:ffdhe6144:ffdhe8192:P-521",
        "ed448:ed25519:ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512"
        + ":rsa_pss_rsae_sha512:rsa_pss_rsae_sha384:rsa_pss_rsae_sha256:RSA+SHA512:RSA+SHA384:RSA+SHA256");

    /// <summary>The lists of a port.</summary>
    public static TlsParameters Of(TlsParameterSet set) => set == TlsParameterSet.Protocol ? Protocol : SharedWithWeb;
}
