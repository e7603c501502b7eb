using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage;

/// <summary>
/// The store of queues and messages. SQLite and PostgreSQL implement it and pass one shared test suite.
/// Reads may run while commits do; every read sees all commits that completed before it began.
/// All reads throw <see cref="StoreUnavailableException"/> when the store cannot be used now.
/// </summary>
public interface IQueueStore : IEntityStore<StoredQueue, QueueChange>, IStatisticsStore, IAsyncDisposable
{
    /// <summary>The services of the same store.</summary>
    IServiceStore Services { get; }

    /// <summary>The recipient id behind a sender, notifier or link id; null when there is no such queue.</summary>
    ValueTask<EntityId?> ResolveAsync(QueueAlias kind, EntityId alias, CancellationToken cancellation);

    /// <summary>The body of a stored message, checked against its checksum.</summary>
    ValueTask<MessageBody> ReadBodyAsync(EntityId recipientId, MessageHeader header, CancellationToken cancellation);

    /// <summary>The link's blobs; null when the link does not exist.</summary>
    ValueTask<LinkData?> ReadLinkAsync(EntityId linkId, CancellationToken cancellation);

    /// <summary>Waiting notifications of a notifier, oldest first.</summary>
    ValueTask<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(EntityId notifierId, CancellationToken cancellation);

    /// <summary>
    /// Up to <paramref name="limit"/> distinct queues that hold a non-marker message older than
    /// <paramref name="olderThan"/> (seconds since the Unix epoch), from <paramref name="cursor"/> on (0 at first).
    /// </summary>
    /// <returns>The queues and the next cursor; null when the scan is complete.</returns>
    ValueTask<(IReadOnlyList<EntityId> Queues, long? Cursor)> FindExpiredAsync(long olderThan, long cursor, int limit, CancellationToken cancellation);

    /// <summary>Deletes waiting notifications older than <paramref name="olderThan"/>; returns how many.</summary>
    ValueTask<int> ExpireNotificationsAsync(long olderThan, CancellationToken cancellation);

    /// <summary>Bytes that what is stored takes; what was deleted does not count, whether or not the store gave its space back.</summary>
    ValueTask<long> MeasureAsync(CancellationToken cancellation);
}

/// <summary>Ids other than the recipient's that lead to a queue.</summary>
public enum QueueAlias : byte
{
    /// <summary>The sender id.</summary>
    Sender = 1,

    /// <summary>The notifier id.</summary>
    Notifier = 2,

    /// <summary>The link id.</summary>
    Link = 3,
}

/// <summary>Result of reading a message body.</summary>
public readonly record struct MessageBody(MessageBodyState State, ReadOnlyMemory<byte> Body);

/// <summary>Whether a body could be read.</summary>
public enum MessageBodyState : byte
{
    /// <summary>Read and its checksum is right.</summary>
    Found = 1,

    /// <summary>No such message any more.</summary>
    Missing = 2,

    /// <summary>The checksum is wrong: the row was moved to quarantine and reported.</summary>
    Corrupt = 3,
}
