using System.Collections.Immutable;
using SimplexActors.Actors.Services;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// A connection of the queue's service attaches to it, because the queue mailed it or because the connection goes over
/// the service's queues after <c>SUBS</c> (S-316). A queue that somebody else is attached to stays with him, unless he
/// lost the service to this connection; a queue with nothing to deliver stays unattached.
/// </summary>
internal static class Attach
{
    public static QueueDecision Decide(QueueState? state, QueueCommand.AttachService command, DateTimeOffset now)
    {
        IServiceSubscriber connection = command.Connection;
        ImmutableArray<QueueEffect> answer = command.Answer
            ? [new QueueEffect.AttachAnswered(connection, command.RecipientId, Failed: false)]
            : [];
        if (state is null || !MayAttach(state, command))
        {
            return Outcome.Of(state, answer);
        }

        QueueState attached = Delivering.Next(
            state with { Connections = state.Connections with { Subscriber = connection, Delivered = null } },
            null,
            now,
            out QueueEffect.Deliver? delivery);
        return delivery is null
            ? Outcome.Of(state, answer)
            : Outcome.Of(attached, [new QueueEffect.Attached(connection, command.RecipientId, command.RecipientId), delivery, .. answer]);
    }

    public static QueueDecision Decide(QueueState? state, QueueCommand.AttachNotifier command)
    {
        IServiceSubscriber connection = command.Connection;
        if (state?.Record.Notifier is not { } notifier
            || notifier.NotifierId != command.NotifierId
            || notifier.ServiceId is not { } service
            || service != connection.ServiceId
            || !IsFree(state.Connections.NotifierSubscriber, connection, command.Previous))
        {
            return Outcome.Nothing(state);
        }

        return Outcome.Of(
            state with { Connections = state.Connections.WithNotifierSubscriber(connection) },
            [
                new QueueEffect.Attached(connection, state.Record.RecipientId, command.NotifierId),
                new QueueEffect.NotifyStored(connection, state.Record.RecipientId, command.NotifierId),
            ]);
    }

    private static bool MayAttach(QueueState state, QueueCommand.AttachService command) =>
        state.Record.ServiceId is { } service
        && service == command.Connection.ServiceId
        && IsFree(state.Connections.Subscriber, command.Connection, command.Previous)
        && state.Connections.IndexOfGetter(command.Connection) < 0;

    /// <summary>Nobody is attached, or only somebody who lost the service to the new connection.</summary>
    private static bool IsFree(ISubscriber? attached, IServiceSubscriber connection, ImmutableArray<ISubscriber> previous) =>
        attached is null || (!ReferenceEquals(attached, connection) && previous.Contains(attached, ReferenceEqualityComparer.Instance));
}
