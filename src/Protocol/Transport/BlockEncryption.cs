using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Protocol.Transport;

/// <summary>Starts the block layer after the handshake, whose own blocks are never encrypted (S-112).</summary>
public static class BlockEncryption
{
    /// <summary>
    /// Whether blocks are encrypted: from v11, when the client sent a session key and is no proxy (S-106).
    /// </summary>
    public static bool IsActive(ushort version, bool clientSentKey, bool proxyServer) =>
        version >= SmpVersion.BlockEncryption && clientSentKey && !proxyServer;

    /// <summary>The two directions of the block layer for a peer.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="sessionId">The TLS session's id.</param>
    /// <param name="mine">This end's X25519 session key.</param>
    /// <param name="theirs">The peer's X25519 session key.</param>
    /// <returns>Null when the peer's key has a small order: the handshake fails.</returns>
    public static (BlockEncoder Encoder, BlockDecoder Decoder)? TryStart(
        SessionRole role, ReadOnlySpan<byte> sessionId, PrivateKey mine, PublicKey theirs)
    {
        ArgumentNullException.ThrowIfNull(mine);
        Span<byte> secret = stackalloc byte[BoxKey.Length];
        if (!mine.TryAgree(theirs, secret))
        {
            return null;
        }

        (SecretChain routerSends, SecretChain routerReceives) = SecretChain.Start(sessionId, secret);
        CryptographicOperations.ZeroMemory(secret);
        return role is SessionRole.Router
            ? (new BlockEncoder(routerSends), new BlockDecoder(routerReceives))
            : (new BlockEncoder(routerReceives), new BlockDecoder(routerSends));
    }
}

/// <summary>The two ends of a session.</summary>
public enum SessionRole : byte
{
    /// <summary>Accepted the connection.</summary>
    Router = 1,

    /// <summary>Opened it: a client, or a proxy towards a relay.</summary>
    Client = 2,
}
