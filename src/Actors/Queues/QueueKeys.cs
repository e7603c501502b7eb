using System.Collections.Immutable;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Queues;

/// <summary>
/// Immutable snapshot of what the edge needs to authorise commands for a queue. Commands carry its
/// <see cref="Version"/>; the queue refuses a command whose version is not its own.
/// </summary>
public sealed record QueueKeys(
    EntityId RecipientId,
    long Version,
    ImmutableArray<PublicKey> RecipientKeys,
    PublicKey? SenderKey,
    PublicKey? NotifierKey,
    QueueMode? Mode);
