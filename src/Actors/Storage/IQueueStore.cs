using System.Runtime.InteropServices;
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
    /// <paramref name="olderThan"/> (seconds since the Unix epoch), from <paramref name="cursor"/> on (default at first).
    /// </summary>
    /// <returns>The queues and the next cursor; null when the scan is complete.</returns>
    ValueTask<(IReadOnlyList<EntityId> Queues, ExpiryCursor? Cursor)> FindExpiredAsync(
        long olderThan, ExpiryCursor cursor, int limit, CancellationToken cancellation);

    /// <summary>
    /// Queues that belong to no service and were last used before a day, in the order of their ids: at most
    /// <paramref name="limit"/>, and fewer when many others had to be passed over. Queues of unknown use (day 0) are not among them.
    /// </summary>
    /// <param name="since">Which ones.</param>
    /// <param name="after">Id after which to begin; empty at first.</param>
    /// <param name="limit">At least 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The queues and where the next page begins; null when there is none.</returns>
    ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindUnusedAsync(
        UnusedSince since, EntityId after, int limit, CancellationToken cancellation);

    /// <summary>Deletes waiting notifications older than <paramref name="olderThan"/>; returns how many.</summary>
    ValueTask<int> ExpireNotificationsAsync(long olderThan, CancellationToken cancellation);

    /// <summary>Bytes that what is stored takes; what was deleted does not count, whether or not the store gave its space back.</summary>
    ValueTask<long> MeasureAsync(CancellationToken cancellation);
}

/// <summary>Where a page of the search for old messages ended.</summary>
/// <param name="Timestamp">Of the last message that was seen.</param>
/// <param name="Number">Of the same, among those of one second.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExpiryCursor(long Timestamp, long Number);

/// <summary>From when on a queue counts as not used any more (S-247, S-504). Whole days since the Unix epoch; 0: never.</summary>
/// <param name="Day">Queues that were last used before this day.</param>
/// <param name="SuspendedDay">The same for queues that are off.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UnusedSince(int Day, int SuspendedDay);

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
