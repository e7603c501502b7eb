using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using Xunit;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>What the changes of one queue add up to, in the plainest form.</summary>
public sealed class ModelStore
{
    private readonly SortedDictionary<long, (MessageHeader Header, ReadOnlyMemory<byte> Body)> _messages = [];
    private readonly Dictionary<EntityId, List<StoredNotification>> _notifications = [];
    private readonly Dictionary<EntityId, HashSet<EntityId>> _services = [];

    /// <summary>The stored record.</summary>
    public QueueRecord? Record { get; private set; }

    /// <summary>The stored link data.</summary>
    public LinkData? Link { get; private set; }

    /// <summary>The stored messages, oldest first.</summary>
    public IReadOnlyList<MessageHeader> Messages => [.. _messages.Values.Select(m => m.Header)];

    /// <summary>Recipient and notifier ids that are counted for a service.</summary>
    public IReadOnlySet<EntityId> QueuesOf(EntityId serviceId) => _services.GetValueOrDefault(serviceId) ?? [];

    /// <summary>Every id that is counted for any service.</summary>
    public IReadOnlyList<(EntityId Service, EntityId Id)> Counted => [.. _services.SelectMany(service => service.Value.Select(id => (service.Key, id)))];

    /// <summary>Waiting notifications.</summary>
    public IReadOnlyList<StoredNotification> Notifications(EntityId notifierId) => _notifications.GetValueOrDefault(notifierId) ?? [];

    /// <summary>What a load returns.</summary>
    public StoredQueue? Row => Record is null ? null : new StoredQueue(Record, Messages);

    /// <summary>Applies one change; fails where a store would have nothing to change.</summary>
    public void Apply(QueueChange change)
    {
        switch (change)
        {
            case QueueChange.Create create:
                Assert.Null(Record);
                (Record, Link) = (create.Record, create.Link);
                break;
            case QueueChange.Update update:
                Assert.Equal(Record!.RecipientId, update.Record.RecipientId);
                Assert.Equal(Record.SenderId, update.Record.SenderId);
                Record = update.Record;
                Link = update.Link ?? (Record.Link is null ? null : Link);
                Assert.Equal(Record.Link is null, Link is null);
                break;
            case QueueChange.Delete delete:
                Assert.Equal(Record!.RecipientId, delete.RecipientId);
                (Record, Link) = (null, null);
                _messages.Clear();
                _notifications.Clear();
                break;
            case QueueChange.AddMessage add:
                Assert.Equal(Record!.RecipientId, add.RecipientId);
                Assert.True(_messages.Count == 0 || _messages.Keys.Last() < add.Header.Sequence);
                _messages.Add(add.Header.Sequence, (add.Header, add.Body));
                break;
            case QueueChange.DeleteMessage delete:
                Assert.True(_messages.Remove(delete.Sequence));
                break;
            case QueueChange.AddNotification add:
                Assert.Equal(Record!.Notifier!.NotifierId, add.NotifierId);
                List<StoredNotification> waiting = _notifications.TryGetValue(add.NotifierId, out List<StoredNotification>? known) ? known : [];
                waiting.Add(add.Notification);
                _notifications[add.NotifierId] = waiting.TakeLast(add.Keep).ToList();
                break;
            case QueueChange.DeleteNotifications delete:
                _notifications.Remove(delete.NotifierId);
                break;
            case QueueChange.ServiceQueue queue:
                HashSet<EntityId> queues = _services.TryGetValue(queue.ServiceId, out HashSet<EntityId>? counted) ? counted : _services[queue.ServiceId] = [];
                Assert.True(queue.Added ? queues.Add(queue.EntityId) : queues.Remove(queue.EntityId));
                break;
            default:
                Assert.Fail($"The store does not know {change.GetType().Name}.");
                break;
        }
    }
}
