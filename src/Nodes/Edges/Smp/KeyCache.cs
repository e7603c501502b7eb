using SimplexActors.Actors;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Keys of the queues that a connection proved to have a key of. Only a successful authorisation adds an entry, so that
/// failing commands do the same work whether or not the queue exists. Cleared whole when full: a connection that uses
/// more queues than <see cref="Limits.KeysPerConnection"/> does so once each, as when it subscribes.
/// </summary>
internal sealed class KeyCache
{
    private readonly Dictionary<(QueueAlias?, EntityId), CachedKeys> _entries = [];

    /// <summary>The keys behind an id; null when they have to be asked for.</summary>
    public CachedKeys? Find(QueueAlias? kind, EntityId id) => _entries.GetValueOrDefault((kind, id));

    /// <summary>Keeps keys that authorised a command.</summary>
    public void Add(QueueAlias? kind, EntityId id, CachedKeys keys)
    {
        if (_entries.Count >= Limits.KeysPerConnection)
        {
            Clear();
        }

        _entries[(kind, id)] = keys;
    }

    /// <summary>Forgets keys that the queue says are stale.</summary>
    public void Remove(QueueAlias? kind, EntityId id)
    {
        if (_entries.Remove((kind, id), out CachedKeys? keys))
        {
            keys.Wipe();
        }
    }

    /// <summary>Forgets and wipes everything.</summary>
    public void Clear()
    {
        foreach (CachedKeys keys in _entries.Values)
        {
            keys.Wipe();
        }

        _entries.Clear();
    }
}
