using System.Collections.Immutable;

namespace SimplexActors.Actors.Queues;

/// <summary>
/// A queue in memory; immutable. Invariant: while the queue is not blocked, a subscriber to whom nothing
/// unacknowledged was delivered means that no message is stored.
/// </summary>
/// <param name="Record">What is stored of the queue.</param>
/// <param name="Messages">Headers of the stored messages in the order of <see cref="MessageHeader.Sequence"/>.</param>
/// <param name="Connections">What lives only as long as connections do.</param>
public sealed record QueueState(QueueRecord Record, ImmutableArray<MessageHeader> Messages, QueueConnections Connections)
{
    /// <summary>
    /// False from the quota marker on until the queue is empty (S-280, S-281). The marker is always the last
    /// message, because nothing is stored after it.
    /// </summary>
    public bool IsWritable => Messages.IsEmpty || !Messages[^1].IsQuotaMarker;

    /// <summary>Sequence of the next message to be stored.</summary>
    public long NextSequence => Messages.IsEmpty ? 1 : Messages[^1].Sequence + 1;

    /// <summary>How many of the first messages are older than <paramref name="olderThan"/>; stops at the quota marker (S-284).</summary>
    /// <param name="olderThan">Seconds since the Unix epoch.</param>
    public int CountExpired(long olderThan)
    {
        int count = 0;
        while (count < Messages.Length && Messages[count].Timestamp < olderThan && !Messages[count].IsQuotaMarker)
        {
            count++;
        }

        return count;
    }
}
