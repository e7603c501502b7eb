using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The queues that know a connection, so that they can be told when it ends. Held as bare ids: this is most of what
/// a subscribed queue costs at the edge.
/// </summary>
internal sealed class ConnectionSubscriptions
{
    private HashSet<EntityId>? _queues;
    private Dictionary<EntityId, EntityId>? _notifiers;
    private HashSet<EntityId>? _readers;

    /// <summary>True when the connection subscribes to nothing.</summary>
    public bool IsEmpty => _queues is not { Count: > 0 } && _notifiers is not { Count: > 0 };

    /// <summary>True while the queue has the connection as its subscriber.</summary>
    public bool Contains(in EntityId recipientId) => _queues is not null && _queues.Contains(recipientId);

    /// <summary>A queue knows the connection under <paramref name="entityId"/>.</summary>
    public void Add(EntityId recipientId, EntityId entityId)
    {
        if (recipientId == entityId)
        {
            (_queues ??= []).Add(recipientId);
        }
        else
        {
            (_notifiers ??= [])[entityId] = recipientId;
        }
    }

    /// <summary>The queue remembers the connection without a subscription.</summary>
    public void Remember(in EntityId recipientId) => (_readers ??= []).Add(recipientId);

    /// <summary>The queue forgot the connection.</summary>
    public void Remove(EntityId entityId)
    {
        _queues?.Remove(entityId);
        _notifiers?.Remove(entityId);
    }

    /// <summary>The connection itself ended its notification subscription to a queue, and its message subscription when it deleted the queue.</summary>
    public void Forget(in EntityId recipientId, bool queueToo)
    {
        if (queueToo)
        {
            _queues?.Remove(recipientId);
            _readers?.Remove(recipientId);
        }

        foreach ((EntityId notifierId, EntityId queue) in _notifiers ?? [])
        {
            if (queue == recipientId)
            {
                _notifiers!.Remove(notifierId);
                return;
            }
        }
    }

    /// <summary>The queue of a notifier id that the connection subscribed to.</summary>
    public EntityId? QueueOf(EntityId notifierId) =>
        _notifiers is not null && _notifiers.TryGetValue(notifierId, out EntityId recipientId) ? recipientId : null;

    /// <summary>Forgets and returns the queues that know the connection.</summary>
    public IReadOnlyCollection<EntityId> TakeAll()
    {
        HashSet<EntityId> all = _queues ?? [];
        foreach (EntityId recipientId in _notifiers?.Values ?? Enumerable.Empty<EntityId>())
        {
            all.Add(recipientId);
        }

        all.UnionWith(_readers ?? []);
        (_queues, _notifiers, _readers) = (null, null, null);
        return all;
    }
}
