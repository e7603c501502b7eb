using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Services;

/// <summary>Everything a service can be told.</summary>
public abstract record ServiceCommand
{
    /// <summary>A command that makes a connection one of the service's.</summary>
    public abstract record Joining : ServiceCommand
    {
        /// <summary>Given by the service's owner: newer than all that earlier owners gave. 0 when there is only one.</summary>
        public long Epoch { get; init; }
    }

    /// <summary>Stores the service under a fresh id; <see cref="ServiceOutcome.Conflict"/> when its certificate is known.</summary>
    public sealed record Create(ServiceRecord Record, IServiceReply ReplyTo) : ServiceCommand;

    /// <summary>The service connected today; <see cref="ServiceOutcome.Conflict"/> when it is not stored any more.</summary>
    /// <param name="Day">Whole days since the Unix epoch.</param>
    /// <param name="ReplyTo">Hears when the day is stored.</param>
    public sealed record Use(int Day, IServiceReply ReplyTo) : ServiceCommand;

    /// <summary>The connection subscribes to single queues of the service; holds the service if nobody does (S-483).</summary>
    public sealed record Join(IServiceSubscriber Connection, IServiceReply? ReplyTo) : Joining;

    /// <summary>
    /// <c>SUBS</c> or <c>NSUBS</c>: the connection holds the service, all others lose it (S-313).
    /// <see cref="ServiceOutcome.Repeated"/> when it already did this.
    /// </summary>
    /// <param name="Connection">The new holder.</param>
    /// <param name="Counters">What the service has now; told to the holder before.</param>
    /// <param name="ReplyTo">Hears whom it took over from.</param>
    public sealed record Subscribe(IServiceSubscriber Connection, ServiceQueues Counters, IServiceReply ReplyTo) : Joining;

    /// <summary>
    /// What a connection had with the service's last owner, told by the connection's node to the next one. Whoever
    /// subscribed last holds the service; those who joined before that lose it.
    /// </summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="Subscribed">It used <c>SUBS</c> or <c>NSUBS</c>.</param>
    /// <param name="Epoch">As <see cref="IServiceSubscriber.Joined"/> told it.</param>
    /// <param name="ReplyTo">Hears when it counts, or that it was not decided.</param>
    public sealed record Renew(IServiceSubscriber Connection, bool Subscribed, long Epoch, IServiceReply ReplyTo) : ServiceCommand;

    /// <summary>The holder could not be told of everything that is stored: it may use <c>SUBS</c> again.</summary>
    public sealed record Unsubscribe(IServiceSubscriber Connection) : ServiceCommand;

    /// <summary>The connection ended, or has no queue of the service left; the next one holds the service.</summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="ReplyTo">Hears when it counts, or that it was not decided; null for one that is over: that is told until it counts.</param>
    public sealed record Leave(IServiceSubscriber Connection, IServiceReply? ReplyTo) : ServiceCommand;

    /// <summary>A queue of the service has a message and nobody attached; for the holder.</summary>
    /// <param name="RecipientId">The queue.</param>
    /// <param name="Lost">A connection that is attached but lost the service; else null.</param>
    public sealed record Mail(EntityId RecipientId, ISubscriber? Lost) : ServiceCommand;

    /// <summary>Notifications wait for a notifier of the service that nobody is attached to; for the holder.</summary>
    public sealed record NotifierMail(EntityId RecipientId, EntityId NotifierId) : ServiceCommand;

    /// <summary>An event about an id that nobody is attached to; for the holder, unless it is the cause (S-324).</summary>
    public sealed record HolderEvent(EntityId EntityId, SmpResponse Response, ISubscriber? Cause) : ServiceCommand;

    /// <summary>The service was loaded again after a failed commit; nothing depends on what was lost.</summary>
    public sealed record Recover : ServiceCommand
    {
        /// <summary>The only value.</summary>
        public static Recover Instance { get; } = new();
    }
}
