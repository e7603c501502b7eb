using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Services;

/// <summary>
/// A connection of a client service as the service and its queues see it. A queue with a service and nobody attached
/// costs no memory; when it has something to deliver it mails the service's holder, who attaches to it. Calls return
/// at once and never block.
/// </summary>
public interface IServiceSubscriber : ISubscriber
{
    /// <summary>The connection belongs to the service from now on, until <see cref="Ended"/> or until it leaves.</summary>
    /// <param name="subscribed">It used <c>SUBS</c> or <c>NSUBS</c>, and so holds the service.</param>
    /// <param name="epoch">Grows with every connection that joins or subscribes, whoever owns the service.</param>
    void Joined(bool subscribed, long epoch);

    /// <summary>Another connection took over the whole service: all its queues are lost to this one (S-313).</summary>
    /// <param name="counters">What the service had, for the connection that had subscribed to all of it; else null.</param>
    void Ended(ServiceQueues? counters);

    /// <summary>A queue of the service has a message and nobody attached.</summary>
    /// <param name="recipientId">The queue.</param>
    /// <param name="lost">A connection that is attached but lost the service and may never come to say so; else null.</param>
    void Mail(EntityId recipientId, ISubscriber? lost = null);

    /// <summary>Notifications wait in the store for a notifier of the service that nobody is attached to.</summary>
    void NotifierMail(EntityId recipientId, EntityId notifierId);

    /// <summary>The queue is attached: as <see cref="ISubscriber.Subscribed"/>, but the client did not name the queue.</summary>
    void Attached(EntityId recipientId, EntityId entityId, long epoch);

    /// <summary>The answer to an attachment that asked for one; comes after the message, if there is one.</summary>
    void AttachAnswered(EntityId entityId, bool failed);

    /// <summary>Another connection of the same service subscribed to this recipient or notifier id alone (S-483).</summary>
    void Taken(EntityId entityId);
}

/// <summary>Who holds the services: receives what happens to queues that nobody is attached to.</summary>
public interface IServiceDirectory
{
    /// <summary>The connection to mail; null when the service has none.</summary>
    IServiceSubscriber? HolderOf(EntityId serviceId);

    /// <summary>Tells the holder about an id of the service that nobody is attached to, unless it is the cause (S-324).</summary>
    void TellHolder(EntityId serviceId, EntityId entityId, SmpResponse response, ISubscriber? cause);
}
