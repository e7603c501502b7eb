using System.Collections.Concurrent;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Services;

/// <summary>The holders of the services that have connections to this node. Any thread.</summary>
public sealed class ServiceDirectory : IServiceDirectory
{
    private readonly ConcurrentDictionary<EntityId, IServiceSubscriber> _holders = new();

    /// <inheritdoc/>
    public IServiceSubscriber? HolderOf(EntityId serviceId) => _holders.GetValueOrDefault(serviceId);

    /// <inheritdoc/>
    public void TellHolder(EntityId serviceId, EntityId entityId, SmpResponse response, ISubscriber? cause)
    {
        if (HolderOf(serviceId) is { } holder && cause?.IsSameAs(holder) != true)
        {
            holder.Event(entityId, response, keep: false, long.MaxValue);
        }
    }

    /// <summary>Called as effect of the service, in the order of its decisions.</summary>
    /// <param name="serviceId">The service.</param>
    /// <param name="holder">Null when no connection is left.</param>
    public void Publish(EntityId serviceId, IServiceSubscriber? holder)
    {
        if (holder is null)
        {
            _holders.TryRemove(serviceId, out _);
        }
        else
        {
            _holders[serviceId] = holder;
        }
    }

    /// <summary>Forgets the holders of services that are not here any more.</summary>
    public void Forget(Func<EntityId, bool> isGone)
    {
        ArgumentNullException.ThrowIfNull(isGone);
        foreach (EntityId serviceId in _holders.Keys.Where(isGone))
        {
            _holders.TryRemove(serviceId, out _);
        }
    }
}
