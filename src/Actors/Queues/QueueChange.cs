using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Queues;

/// <summary>One change of what is stored of a queue.</summary>
public abstract record QueueChange
{
    /// <summary>Adds a queue; a conflict when any of its ids is taken.</summary>
    public sealed record Create(QueueRecord Record, LinkData? Link) : QueueChange;

    /// <summary>
    /// Replaces the record, whose recipient and sender ids stay the same. A conflict when its notifier id or
    /// link id belongs to another queue. Removing <see cref="QueueRecord.Link"/> deletes the link's blobs.
    /// </summary>
    /// <param name="Record">The whole new record.</param>
    /// <param name="Link">Blobs to store for <see cref="QueueRecord.Link"/>; null leaves them as they are.</param>
    public sealed record Update(QueueRecord Record, LinkData? Link = null) : QueueChange;

    /// <summary>Deletes the queue with its messages, link blobs and waiting notifications.</summary>
    public sealed record Delete(EntityId RecipientId) : QueueChange;

    /// <summary>Appends a message; the body of a quota marker is empty.</summary>
    public sealed record AddMessage(EntityId RecipientId, MessageHeader Header, ReadOnlyMemory<byte> Body) : QueueChange;

    /// <summary>Deletes one message.</summary>
    public sealed record DeleteMessage(EntityId RecipientId, long Sequence) : QueueChange;

    /// <summary>Adds a notification that could not be delivered at once, keeping the newest <paramref name="Keep"/>.</summary>
    public sealed record AddNotification(EntityId NotifierId, StoredNotification Notification, int Keep) : QueueChange;

    /// <summary>Deletes all waiting notifications of a notifier (delivered, or credentials removed).</summary>
    public sealed record DeleteNotifications(EntityId NotifierId) : QueueChange;

    /// <summary>
    /// Counts a queue in or out of a service (S-321, S-323); stands beside the change of the record. A conflict when
    /// a queue is added to a service that is not stored.
    /// </summary>
    /// <param name="ServiceId">The service.</param>
    /// <param name="EntityId">The recipient id, or the notifier id for a notification service.</param>
    /// <param name="Added">False when the queue leaves the service.</param>
    public sealed record ServiceQueue(EntityId ServiceId, EntityId EntityId, bool Added) : QueueChange;
}
