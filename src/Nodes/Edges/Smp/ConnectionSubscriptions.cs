using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

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

    /// <summary>Subscriptions to messages, subscriptions to notifications, and queues that remember a <c>GET</c>; may be asked from any thread.</summary>
    public (int Queues, int Notifiers, int Readers) Counts => (_queues?.Count ?? 0, _notifiers?.Count ?? 0, _readers?.Count ?? 0);

    /// <summary>True while the queue has the connection as its subscriber.</summary>
    public bool Contains(in EntityId recipientId) => _queues is not null && _queues.Contains(recipientId);

    /// <summary>True while a queue has the connection as its subscriber or notifier under this id.</summary>
    public bool ContainsEntity(in EntityId entityId) => Contains(entityId) || (_notifiers is not null && _notifiers.ContainsKey(entityId));

    /// <summary>Number and hash of the queues, or of the notifiers, that have the connection as their subscriber (S-321).</summary>
    public ServiceQueues CountAttached(bool notifiers)
    {
        IReadOnlyCollection<EntityId>? ids = notifiers ? _notifiers?.Keys : _queues;
        Span<byte> hash = stackalloc byte[ProtocolHash.QueuesHashLength];
        hash.Clear();
        foreach (EntityId id in ids ?? [])
        {
            ProtocolHash.ToggleQueue(hash, id.Bytes);
        }

        return new ServiceQueues(ids?.Count ?? 0, new EntityId(hash));
    }

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

    /// <summary>Forgets and returns the queues that know the connection.</summary>
    public IReadOnlyCollection<EntityId> TakeAll()
    {
        HashSet<EntityId> all = TakeSubscriptions();
        all.UnionWith(_readers ?? []);
        _readers = null;
        return all;
    }

    /// <summary>Forgets and returns the queues that have the connection as subscriber or notifier.</summary>
    public HashSet<EntityId> TakeSubscriptions()
    {
        HashSet<EntityId> all = _queues ?? [];
        foreach (EntityId recipientId in _notifiers?.Values ?? Enumerable.Empty<EntityId>())
        {
            all.Add(recipientId);
        }

        (_queues, _notifiers) = (null, null);
        return all;
    }
}
