using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Client.Connection;

/// <summary>The handles that this connection subscribed, so that events can be reported with them.</summary>
internal sealed class Subscriptions
{
    private readonly ConcurrentDictionary<EntityId, object> _handles = new();

    // Stays when a subscription ends: the service gets the queue again with SUBS.
    private readonly ConcurrentDictionary<EntityId, object> _known = new();

    /// <summary>Remembers the handle of a queue or notifier that a service may hear of at any time.</summary>
    public void Know(in EntityId entity, object handle) => _known[entity] = handle;

    /// <summary>The queue or notifier is deleted.</summary>
    public void Forget(in EntityId entity)
    {
        Remove(entity);
        _known.TryRemove(entity, out _);
    }

    /// <summary>Remembers the handle of a queue (recipient id) or notifier (notifier id).</summary>
    public void Add(in EntityId entity, object handle) => _handles[entity] = handle;

    /// <summary>Forgets a handle: the subscription ended.</summary>
    public void Remove(in EntityId entity) => _handles.TryRemove(entity, out _);

    /// <summary>Finds the handle of an entity.</summary>
    public bool TryGet<THandle>(in EntityId entity, [NotNullWhen(true)] out THandle? handle)
        where THandle : class
    {
        handle = _handles.TryGetValue(entity, out object? found) || _known.TryGetValue(entity, out found) ? found as THandle : null;
        return handle is not null;
    }
}
