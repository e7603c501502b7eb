using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// What every decision means for the services of the queue and of its notifier, seen from the state before and after:
/// the store counts the queue in or out (S-323); a service that loses a queue which nobody is attached to is told by its
/// holder (S-324); and a queue that has something to deliver and nobody attached mails its service, once.
/// </summary>
internal static class Association
{
    private static readonly ErrResponse ServiceError = new(SmpError.Service);

    /// <summary>The service that the queue has after <c>SUB</c> or <c>NSUB</c> on this connection (S-310).</summary>
    public static EntityId? Of(QueueCommand.Client client) => client.Subscriber.ServiceId;

    /// <summary>Tells the connection that was attached that another one subscribed to this id.</summary>
    /// <returns>Null when nobody else was attached.</returns>
    public static QueueEffect? Replaced(ISubscriber? attached, long epoch, QueueCommand.Client client) =>
        attached is null || attached.IsSameAs(client.Subscriber) ? null : Lost(attached, epoch, client.Subscriber, client.EntityId);

    /// <summary>Tells a connection that another one has this id.</summary>
    public static QueueEffect Lost(ISubscriber loser, long epoch, ISubscriber? winner, in EntityId entityId) =>
        loser is Services.IServiceSubscriber member && member.ServiceId is { } service && service == winner?.ServiceId
            ? new QueueEffect.Taken(member, entityId)
            : new QueueEffect.Event(loser, entityId, EndResponse.Instance) { Epoch = epoch };

    /// <summary>Adds to a decision what it means for services.</summary>
    public static QueueDecision Complete(QueueState? before, QueueCommand command, in QueueDecision decision)
    {
        QueueState? after = decision.State;
        QueueDecision complete = decision;
        if (!ReferenceEquals(before?.Record, after?.Record))
        {
            complete = Messages(before, after, command, complete);
            complete = Notifications(before, after, command, complete);
        }

        return NeedsMail(after) && (command is QueueCommand.Recover || !NeedsMail(before))
            ? complete with { Effects = complete.Effects.Add(new QueueEffect.ServiceMail(after!.Record.ServiceId!.Value, after.Record.RecipientId)) }
            : complete;
    }

    private static bool NeedsMail(QueueState? state) =>
        state is { Record: { ServiceId: not null, Status: not QueueStatus.Blocked }, Connections.Subscriber: null, Messages.IsEmpty: false };

    private static QueueDecision Messages(QueueState? before, QueueState? after, QueueCommand command, in QueueDecision decision)
    {
        EntityId? old = before?.Record.ServiceId;
        EntityId? next = after?.Record.ServiceId;
        if (old == next)
        {
            return decision;
        }

        EntityId recipientId = (after ?? before)!.Record.RecipientId;
        QueueDecision counted = Counted(decision, command, old, recipientId, next, recipientId);
        return old is { } service && before!.Connections.Subscriber is null
            ? Told(counted, command, service, recipientId, after is null ? DeldResponse.Instance : EndResponse.Instance)
            : counted;
    }

    private static QueueDecision Notifications(QueueState? before, QueueState? after, QueueCommand command, in QueueDecision decision)
    {
        QueueNotifier? old = before?.Record.Notifier;
        QueueNotifier? next = after?.Record.Notifier;
        bool isSame = old?.NotifierId == next?.NotifierId;
        if ((isSame && old?.ServiceId == next?.ServiceId) || (old?.ServiceId is null && next?.ServiceId is null))
        {
            return decision;
        }

        QueueDecision counted = Counted(
            decision, command, old?.ServiceId, old?.NotifierId ?? EntityId.Empty, next?.ServiceId, next?.NotifierId ?? EntityId.Empty);
        return old?.ServiceId is { } service && before!.Connections.NotifierSubscriber is null
            ? Told(counted, command, service, old.NotifierId, isSame ? EndResponse.Instance : DeldResponse.Instance)
            : counted;
    }

    private static QueueDecision Counted(
        in QueueDecision decision, QueueCommand command, EntityId? old, in EntityId oldId, EntityId? next, in EntityId nextId)
    {
        ImmutableArray<QueueChange> changes = decision.Changes;
        if (old is { } left)
        {
            changes = changes.Add(new QueueChange.ServiceQueue(left, oldId, Added: false));
        }

        if (next is not { } joined)
        {
            return decision with { Changes = changes };
        }

        // A service that is not stored any more cannot have queues.
        return decision with
        {
            Changes = changes.Add(new QueueChange.ServiceQueue(joined, nextId, Added: true)),
            OnConflict = decision.OnConflict.IsEmpty && command is QueueCommand.Client client
                ? [new QueueEffect.Reply(client.ReplyTo, ServiceError)]
                : decision.OnConflict,
        };
    }

    private static QueueDecision Told(in QueueDecision decision, QueueCommand command, in EntityId service, in EntityId entityId, SmpResponse response)
    {
        ISubscriber? cause = (command as QueueCommand.Client)?.Subscriber;
        return decision with { Effects = decision.Effects.Add(new QueueEffect.ServiceEvent(service, entityId, response, cause)) };
    }
}
