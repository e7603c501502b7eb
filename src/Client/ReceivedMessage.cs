using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Client;

/// <summary>A message as the owner of a queue reads it (S-289).</summary>
/// <param name="Id">For the acknowledgement. A message that comes again has the same id (S-274).</param>
/// <param name="SentAt">When the router accepted it, to the second, by its clock.</param>
/// <param name="Notify">The sender asked for a notification.</param>
/// <param name="IsQuotaMarker">
/// No message but the note that the queue became full here and refused the sender; to be acknowledged like a message,
/// and only then the sender may send again (S-281, S-282).
/// </param>
/// <param name="Body">What the sender sent; empty for the quota marker.</param>
public sealed record ReceivedMessage(EntityId Id, DateTimeOffset SentAt, bool Notify, bool IsQuotaMarker, ReadOnlyMemory<byte> Body);
