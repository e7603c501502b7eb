using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Services;

/// <summary>What happens after a service decided.</summary>
public abstract record ServiceEffect
{
    /// <summary>Answers a command.</summary>
    public sealed record Reply(IServiceReply To, ServiceAnswer Answer) : ServiceEffect;

    /// <summary>From now on <paramref name="Holder"/> gets the mail of the service's queues; null for nobody.</summary>
    public sealed record Publish(EntityId ServiceId, IServiceSubscriber? Holder) : ServiceEffect;

    /// <summary>Tells a connection that it belongs to the service.</summary>
    public sealed record Joined(IServiceSubscriber Connection, bool Subscribed, long Epoch) : ServiceEffect;

    /// <summary>Tells a connection that it lost the service; counters null when it never had all of it.</summary>
    public sealed record Ended(IServiceSubscriber Connection, ServiceQueues? Counters) : ServiceEffect;
}
