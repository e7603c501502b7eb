using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The queues that know a connection, so that they can be told when it ends, and what it has with each of them, so that
/// their next owners can be told. Held as ids with their epochs: this is most of what a subscribed queue costs at the
/// edge. Changed on the connection's turn only.
/// </summary>
internal sealed class ConnectionSubscriptions
{
    // Held by every change of what KnownOf reads.
    private readonly Lock _gate = new();
    private Dictionary<EntityId, long>? _queues;
    private Dictionary<EntityId, NotifierSubscription>? _notifiers;
    private HashSet<EntityId>? _readers;

    // By queue the message that the client has to acknowledge; an empty id for one that may come again.
    private Dictionary<EntityId, EntityId>? _delivered;

    /// <summary>True when the connection subscribes to nothing.</summary>
    public bool IsEmpty => _queues is not { Count: > 0 } && _notifiers is not { Count: > 0 };

    /// <summary>Subscriptions to messages, subscriptions to notifications, and queues that remember a <c>GET</c>; may be asked from any thread.</summary>
    public (int Queues, int Notifiers, int Readers) Counts => (_queues?.Count ?? 0, _notifiers?.Count ?? 0, _readers?.Count ?? 0);

    /// <summary>True while the queue has the connection as its subscriber.</summary>
    public bool Contains(in EntityId recipientId) => _queues is not null && _queues.ContainsKey(recipientId);

    /// <summary>True while a queue has the connection as its subscriber or notifier under this id.</summary>
    public bool ContainsEntity(in EntityId entityId) => Contains(entityId) || (_notifiers is not null && _notifiers.ContainsKey(entityId));

    /// <summary>Number and hash of the queues, or of the notifiers, that have the connection as their subscriber (S-321).</summary>
    public ServiceQueues CountAttached(bool notifiers)
    {
        IReadOnlyCollection<EntityId>? ids = notifiers ? _notifiers?.Keys : _queues?.Keys;
        Span<byte> hash = stackalloc byte[ProtocolHash.QueuesHashLength];
        hash.Clear();
        foreach (EntityId id in ids ?? [])
        {
            ProtocolHash.ToggleQueue(hash, id.Bytes);
        }

        return new ServiceQueues(ids?.Count ?? 0, new EntityId(hash));
    }

    /// <summary>A queue knows the connection under <paramref name="entityId"/>.</summary>
    /// <param name="recipientId">The queue.</param>
    /// <param name="entityId">Recipient or notifier id.</param>
    /// <param name="epoch">Of the subscription.</param>
    /// <param name="byClient">The client asked for it, so that what was delivered comes again.</param>
    public void Add(EntityId recipientId, EntityId entityId, long epoch, bool byClient)
    {
        lock (_gate)
        {
            if (recipientId == entityId)
            {
                (_queues ??= [])[recipientId] = epoch;
                if (byClient)
                {
                    _delivered?.Remove(recipientId);
                }
            }
            else
            {
                (_notifiers ??= [])[entityId] = new NotifierSubscription(recipientId, epoch);
            }
        }
    }

    /// <summary>The subscription has this epoch with the queue's new owner.</summary>
    public void Raise(EntityId entityId, long epoch)
    {
        lock (_gate)
        {
            if (_queues is not null && _queues.TryGetValue(entityId, out long known))
            {
                _queues[entityId] = Math.Max(known, epoch);
            }
            else if (_notifiers is not null && _notifiers.TryGetValue(entityId, out NotifierSubscription notifier))
            {
                _notifiers[entityId] = notifier with { Epoch = Math.Max(notifier.Epoch, epoch) };
            }
        }
    }

    /// <summary>The queue remembers the connection without a subscription.</summary>
    public void Remember(in EntityId recipientId)
    {
        lock (_gate)
        {
            (_readers ??= []).Add(recipientId);
        }
    }

    /// <summary>A message is sent that the client has to acknowledge.</summary>
    /// <returns>False when it has been sent and waits for that already.</returns>
    public bool Delivered(EntityId recipientId, EntityId messageId)
    {
        lock (_gate)
        {
            if (_delivered is not null && _delivered.TryGetValue(recipientId, out EntityId known) && known == messageId)
            {
                return false;
            }

            if (Contains(recipientId) || _readers?.Contains(recipientId) == true)
            {
                (_delivered ??= [])[recipientId] = messageId;
            }

            return true;
        }
    }

    /// <summary>True when nobody knows whether the last message of a queue was acknowledged.</summary>
    public bool MayComeAgain(in EntityId recipientId) =>
        _delivered is not null && _delivered.TryGetValue(recipientId, out EntityId known) && known.IsEmpty;

    /// <summary>This message is not to be acknowledged any more; any message for an empty id.</summary>
    /// <param name="recipientId">The queue.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="mayComeAgain">Nobody knows whether it was acknowledged.</param>
    public void NotDelivered(in EntityId recipientId, in EntityId messageId, bool mayComeAgain)
    {
        lock (_gate)
        {
            if (_delivered is not null && _delivered.TryGetValue(recipientId, out EntityId known) && (messageId.IsEmpty || known == messageId))
            {
                _delivered.Remove(recipientId);
                if (mayComeAgain)
                {
                    _delivered[recipientId] = EntityId.Empty;
                }
            }
        }
    }

    /// <summary>The queue forgot the connection.</summary>
    /// <param name="entityId">Recipient or notifier id.</param>
    /// <param name="upTo">A later subscription goes on.</param>
    /// <returns>False when there is none to end.</returns>
    public bool Remove(EntityId entityId, long upTo = long.MaxValue)
    {
        lock (_gate)
        {
            if (_queues is not null && _queues.TryGetValue(entityId, out long epoch) && epoch <= upTo)
            {
                _delivered?.Remove(entityId);
                return _queues.Remove(entityId);
            }

            return _notifiers is not null && _notifiers.TryGetValue(entityId, out NotifierSubscription notifier) && notifier.Epoch <= upTo
                && _notifiers.Remove(entityId);
        }
    }

    /// <summary>The connection itself ended its notification subscription to a queue, and its message subscription when it deleted the queue.</summary>
    public void Forget(in EntityId recipientId, bool queueToo)
    {
        lock (_gate)
        {
            if (queueToo)
            {
                _queues?.Remove(recipientId);
                _readers?.Remove(recipientId);
                _delivered?.Remove(recipientId);
            }

            foreach ((EntityId notifierId, NotifierSubscription notifier) in _notifiers ?? [])
            {
                if (notifier.RecipientId == recipientId)
                {
                    _notifiers!.Remove(notifierId);
                    return;
                }
            }
        }
    }

    /// <summary>What the connection has with a queue's messages; null for nothing. Any thread.</summary>
    public KnownSubscription? KnownOf(in EntityId recipientId)
    {
        lock (_gate)
        {
            EntityId? delivered = _delivered is not null && _delivered.TryGetValue(recipientId, out EntityId messageId) ? messageId : null;
            if (_queues is not null && _queues.TryGetValue(recipientId, out long epoch))
            {
                return new KnownSubscription(RenewedUse.Messages, epoch, delivered);
            }

            return _readers?.Contains(recipientId) == true ? new KnownSubscription(RenewedUse.Reading, 0, delivered) : null;
        }
    }

    /// <summary>What the connection has under a notifier id, and with which queue; null for nothing.</summary>
    public (EntityId RecipientId, KnownSubscription Known)? KnownOfNotifier(in EntityId notifierId) =>
        _notifiers is not null && _notifiers.TryGetValue(notifierId, out NotifierSubscription notifier)
            ? (notifier.RecipientId, new KnownSubscription(RenewedUse.Notifications, notifier.Epoch, null))
            : null;

    /// <summary>What the connection has with queues that <paramref name="concerns"/> chooses by their recipient ids.</summary>
    public IEnumerable<(EntityId EntityId, bool OfNotifier)> Find(Func<EntityId, bool> concerns) =>
        (_queues?.Keys ?? Enumerable.Empty<EntityId>()).Concat(_readers ?? []).Where(concerns).Select(id => (id, false))
            .Concat((_notifiers ?? []).Where(one => concerns(one.Value.RecipientId)).Select(one => (one.Key, true)));

    /// <summary>Forgets and returns the queues that know the connection.</summary>
    public IReadOnlyCollection<EntityId> TakeAll()
    {
        HashSet<EntityId> all = TakeSubscriptions();
        lock (_gate)
        {
            all.UnionWith(_readers ?? []);
            (_readers, _delivered) = (null, null);
        }

        return all;
    }

    /// <summary>Forgets and returns the queues that have the connection as subscriber or notifier.</summary>
    public HashSet<EntityId> TakeSubscriptions()
    {
        lock (_gate)
        {
            HashSet<EntityId> all = [.. _queues?.Keys ?? Enumerable.Empty<EntityId>()];
            foreach (EntityId recipientId in all)
            {
                _delivered?.Remove(recipientId);
            }

            all.UnionWith((_notifiers?.Values ?? Enumerable.Empty<NotifierSubscription>()).Select(notifier => notifier.RecipientId));
            (_queues, _notifiers) = (null, null);
            return all;
        }
    }

    private readonly record struct NotifierSubscription(EntityId RecipientId, long Epoch);
}
