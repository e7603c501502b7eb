using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Nodes.Edges.Smp.Services;

/// <summary>The client service of a session (S-309).</summary>
/// <param name="ServiceId">Its id with this router.</param>
/// <param name="Role">Which commands it may use.</param>
/// <param name="Fingerprint">SHA-256 of its identity certificate, 32 bytes; queue keys authorise it too (S-135).</param>
/// <param name="Key">The Ed25519 key of this session, which its certificate signed.</param>
internal sealed record ServiceSession(EntityId ServiceId, ServiceRole Role, ReadOnlyMemory<byte> Fingerprint, PublicKey Key);
