namespace SimplexActors.Protocol.Crypto;

/// <summary>Algorithms of the public keys that travel in the protocol (S-014).</summary>
public enum KeyAlgorithm : byte
{
    /// <summary>Key agreement, 32 bytes.</summary>
    X25519 = 1,

    /// <summary>Key agreement, 56 bytes; only in TLS, refused in commands (S-015).</summary>
    X448 = 2,

    /// <summary>Signature, 32 bytes.</summary>
    Ed25519 = 3,

    /// <summary>Signature, 57 bytes.</summary>
    Ed448 = 4,
}
