using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>
/// What a group of changes comes to, sorted by kind, so that each kind is one statement. The statements run in the order
/// of the properties here; where that order could give another result than the changes' own, there is no net effect.
/// </summary>
/// <remarks>
/// Changes of different entities may be put into another order: nobody saw anything of either before both are stored. Those
/// of one queue may not, but most pairs of kinds mean the same in both orders, and the rest is rare.
/// </remarks>
internal sealed class NetChanges
{
    private readonly Dictionary<EntityId, int> _createdAt = [];
    private readonly Dictionary<EntityId, int> _updatedAt = [];
    private readonly HashSet<EntityId> _deleted = [];
    private readonly Dictionary<(EntityId Queue, long Sequence), QueueChange.AddMessage> _added = [];
    private readonly HashSet<(EntityId Queue, long Sequence)> _removed = [];
    private readonly HashSet<EntityId> _cleared = [];
    private readonly NetServices _services = new();

    private NetChanges()
    {
    }

    /// <summary>Queues that go, with all that is theirs.</summary>
    public IReadOnlyCollection<EntityId> DeletedQueues => _deleted;

    /// <summary>Single messages that go.</summary>
    public IReadOnlyCollection<(EntityId Queue, long Sequence)> DeletedMessages => _removed;

    /// <summary>Notifiers whose waiting notifications go.</summary>
    public IReadOnlyCollection<EntityId> ClearedNotifiers => _cleared;

    /// <summary>Records that change, each queue once, with the link blobs to store.</summary>
    public List<(QueueRecord Record, LinkData? Link)> Updated { get; } = [];

    /// <summary>Queues that come, with their link blobs.</summary>
    public List<(QueueRecord Record, LinkData? Link)> Created { get; } = [];

    /// <summary>Messages that come.</summary>
    public IReadOnlyCollection<QueueChange.AddMessage> AddedMessages => _added.Values;

    /// <summary>Notifications that come, and how many their notifiers keep.</summary>
    public NetNotifications Notifications { get; } = new();

    /// <summary>Queues counted in and out of services.</summary>
    public NetServices Services => _services;

    /// <summary>The net effect of all changes of some sets; null when they must be carried out in their order.</summary>
    public static NetChanges? TryOf(IEnumerable<WriteSet<QueueChange>> sets)
    {
        var net = new NetChanges();
        foreach (WriteSet<QueueChange> set in sets)
        {
            foreach (QueueChange change in set.Changes)
            {
                if (!net.TryAdd(set.Entity, change))
                {
                    return null;
                }
            }
        }

        return net;
    }

    private bool TryAdd(in EntityId entity, QueueChange change)
    {
        switch (change)
        {
            case QueueChange.AddMessage add:
                return _added.TryAdd((add.RecipientId, add.Header.Sequence), add);
            case QueueChange.DeleteMessage delete:
                Remove(delete.RecipientId, delete.Sequence);
                return true;
            case QueueChange.Create create:
                return TryCreate(create);
            case QueueChange.Update update:
                return TryUpdate(update);
            case QueueChange.Delete delete:
                return TryDelete(delete.RecipientId);
            case QueueChange.AddNotification add:
                Notifications.Add(entity, add);
                return true;
            case QueueChange.DeleteNotifications delete:
                _cleared.Add(delete.NotifierId);
                Notifications.Clear(delete.NotifierId);
                return true;
            case QueueChange.ServiceQueue queue:
                _services.Toggle(queue);
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change.GetType(), null);
        }
    }

    // One that came in the same group never gets there. What was stored before under its number was deleted before it came.
    private void Remove(in EntityId queue, long sequence)
    {
        if (!_added.Remove((queue, sequence)))
        {
            _removed.Add((queue, sequence));
        }
    }

    private bool TryCreate(QueueChange.Create create)
    {
        EntityId id = create.Record.RecipientId;
        if (_updatedAt.ContainsKey(id) || !_createdAt.TryAdd(id, Created.Count))
        {
            return false;
        }

        Created.Add((create.Record, create.Record.Link is null ? null : create.Link));
        return true;
    }

    private bool TryUpdate(QueueChange.Update update)
    {
        QueueRecord record = update.Record;
        LinkData? link = record.Link is null ? null : update.Link;
        if (_deleted.Contains(record.RecipientId) && !_createdAt.ContainsKey(record.RecipientId))
        {
            return false;
        }

        (List<(QueueRecord Record, LinkData? Link)> list, Dictionary<EntityId, int> places) =
            _createdAt.ContainsKey(record.RecipientId) ? (Created, _createdAt) : (Updated, _updatedAt);
        if (!places.TryGetValue(record.RecipientId, out int at))
        {
            places.Add(record.RecipientId, list.Count);
            list.Add((record, link));
            return true;
        }

        // A link that comes or goes between two updates of one queue: what is stored of the first one decides.
        if (list[at].Record.Link?.LinkId != record.Link?.LinkId)
        {
            return false;
        }

        list[at] = (record, link ?? list[at].Link);
        return true;
    }

    private bool TryDelete(in EntityId id)
    {
        // Whether its earlier changes met a conflict decides what there is to delete.
        if (_createdAt.ContainsKey(id) || _updatedAt.ContainsKey(id))
        {
            return false;
        }

        EntityId queue = id;
        foreach ((EntityId Queue, long Sequence) key in _added.Keys.Where(key => key.Queue == queue).ToArray())
        {
            _added.Remove(key);
        }

        _removed.RemoveWhere(key => key.Queue == queue);
        Notifications.ClearOf(id);
        _deleted.Add(id);
        return true;
    }
}
