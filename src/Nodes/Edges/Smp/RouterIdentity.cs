using System.Collections.Immutable;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the router proves itself with in handshakes.</summary>
internal sealed class RouterIdentity(RouterCredentials credentials)
{
    private readonly ImmutableArray<ReadOnlyMemory<byte>> _chain = [.. credentials.Credential.Chain.Select(der => (ReadOnlyMemory<byte>)der)];

    /// <summary>SHA-256 of the identity certificate, 32 bytes (S-063).</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; } = credentials.Identity;

    /// <summary>A session key with the signature of the online certificate (S-068).</summary>
    public CertifiedKey Certify(PublicKey sessionKey) => new(_chain, SignedKey.Sign(sessionKey, credentials.SigningKey));
}
