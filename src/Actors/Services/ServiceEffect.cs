using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

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

    /// <summary>Mails the holder that a queue has a message.</summary>
    public sealed record Mail(IServiceSubscriber Holder, EntityId RecipientId, ISubscriber? Lost) : ServiceEffect;

    /// <summary>Mails the holder that notifications wait.</summary>
    public sealed record NotifierMail(IServiceSubscriber Holder, EntityId RecipientId, EntityId NotifierId) : ServiceEffect;

    /// <summary>Tells the holder about an id of the service.</summary>
    public sealed record Event(IServiceSubscriber Holder, EntityId EntityId, SmpResponse Response) : ServiceEffect;
}
