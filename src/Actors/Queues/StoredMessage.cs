using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Queues;

/// <summary>A stored message without its body.</summary>
/// <param name="Sequence">Position in its queue; unique among the messages stored at one time.</param>
/// <param name="MessageId">24 random bytes (S-279).</param>
/// <param name="Timestamp">Router's time, seconds since the Unix epoch.</param>
/// <param name="Notify">The sender asked for a notification.</param>
/// <param name="IsQuotaMarker">The marker that tells the recipient that senders met the quota (S-280).</param>
public readonly record struct MessageHeader(long Sequence, EntityId MessageId, long Timestamp, bool Notify, bool IsQuotaMarker);

/// <summary>What the store loads for a queue: its record and the headers of its messages, oldest first.</summary>
public sealed record StoredQueue(QueueRecord Record, IReadOnlyList<MessageHeader> Messages);

/// <summary>A notification that waits for its notifier (S-296).</summary>
/// <param name="MessageId">Of the message that caused it.</param>
/// <param name="Timestamp">Router's time, seconds since the Unix epoch.</param>
/// <param name="Nonce">24 random bytes.</param>
/// <param name="EncryptedMeta">144 bytes.</param>
public sealed record StoredNotification(EntityId MessageId, long Timestamp, EntityId Nonce, ReadOnlyMemory<byte> EncryptedMeta);
