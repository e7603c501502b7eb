using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client;

/// <summary>Something that the router said without being asked, or that follows a subscription.</summary>
public abstract record SmpEvent;

/// <summary><c>MSG</c>: a message of a subscribed queue. The next one follows its acknowledgement (S-264).</summary>
/// <param name="Queue">The handle that the application subscribed or created.</param>
/// <param name="Message">Decrypted.</param>
public sealed record MessageReceived(RecipientQueue Queue, ReceivedMessage Message) : SmpEvent;

/// <summary>
/// <c>MSG</c> whose body does not decrypt with the queue's secret. Acknowledging it removes it from the router.
/// </summary>
public sealed record MessageUnreadable(RecipientQueue Queue, EntityId MessageId) : SmpEvent;

/// <summary><c>NMSG</c>: a message arrived in a queue whose notifications this connection subscribed to.</summary>
/// <param name="Notifier">The handle that the application subscribed.</param>
/// <param name="Notification">Only the recipient can read it: <see cref="QueueNotifications.TryOpen"/>.</param>
public sealed record NotificationReceived(NotifierQueue Notifier, Notification Notification) : SmpEvent;

/// <summary><c>END</c>: another connection subscribed to the queue; this one gets no more of it (S-257).</summary>
/// <param name="Entity">Recipient id, or notifier id.</param>
public sealed record SubscriptionEnded(EntityId Entity) : SmpEvent;

/// <summary><c>DELD</c>: the queue, or its notifier, was deleted (S-258). Below v10 it is a <see cref="SubscriptionEnded"/>.</summary>
/// <param name="Entity">Recipient id, or notifier id.</param>
public sealed record QueueDeleted(EntityId Entity) : SmpEvent;

/// <summary><c>ERR BLOCKED</c>: the operator blocked a subscribed queue (S-369).</summary>
/// <param name="Entity">Recipient id.</param>
/// <param name="Info">Why.</param>
public sealed record QueueBlocked(EntityId Entity, BlockingInfo Info) : SmpEvent;

/// <summary><c>ENDS</c>: another connection of the service took over all its queues; this one gets no more of them (S-313).</summary>
/// <param name="Had">What this connection had of the service.</param>
public sealed record ServiceEnded(ServiceQueues Had) : SmpEvent;

/// <summary><c>ALLS</c>: everything that was stored for the service when it subscribed was sent (S-316).</summary>
public sealed record ServiceDelivered : SmpEvent;

/// <summary>
/// Anything else without a command: <c>ERR</c> about a whole block (S-113), or about a queue of a service that could not be
/// read, or about all of them (S-316); or an event of a queue that this client has no handle of.
/// </summary>
/// <param name="Entity">May be empty.</param>
/// <param name="Response">As received; null when it cannot be read.</param>
public sealed record OtherEvent(EntityId Entity, SmpResponse? Response) : SmpEvent;

/// <summary>The connection ended; the last event of every client.</summary>
/// <param name="Failure">What commands that waited were told.</param>
/// <param name="Fault">The fault below it, where there is one.</param>
public sealed record ConnectionClosed(ConnectionLost Failure, Exception? Fault) : SmpEvent;
