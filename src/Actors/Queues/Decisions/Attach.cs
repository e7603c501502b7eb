using System.Collections.Immutable;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;

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
        ImmutableArray<QueueEffect> answer = Answer(connection, command.RecipientId, command.Answer);
        if (state is null || !MayAttach(state, command))
        {
            bool isAttached = command.Answer && state is { Messages.IsEmpty: false } && state.Connections.Subscriber?.IsSameAs(connection) == true;
            return Outcome.Of(state, isAttached && !command.IsRenewal ? [Counts.ServiceMessageDuplicate, .. answer] : answer);
        }

        long epoch = state.Connections.NextEpoch(command);
        QueueState attached = Delivering.Next(
            state with { Connections = state.Connections.WithSubscriber(connection, epoch) },
            null,
            now,
            out QueueEffect.Deliver? delivery);
        return delivery is null
            ? Outcome.Of(state, answer)
            : Outcome.Of(
                attached,
                [
                    .. command is { Answer: true, IsRenewal: false } ? [Counts.ServiceMessage] : ImmutableArray<QueueEffect>.Empty,
                    .. Lost(state.Connections.Subscriber, command.RecipientId),
                    new QueueEffect.Attached(connection, command.RecipientId, command.RecipientId, epoch),
                    delivery,
                    .. answer,
                ]);
    }

    public static QueueDecision Decide(QueueState? state, QueueCommand.AttachNotifier command)
    {
        IServiceSubscriber connection = command.Connection;
        ImmutableArray<QueueEffect> answer = Answer(connection, command.NotifierId, command.Answer);
        if (state?.Record.Notifier is not { } notifier
            || notifier.NotifierId != command.NotifierId
            || notifier.ServiceId is not { } service
            || service != connection.ServiceId
            || !IsFree(state.Connections.NotifierSubscriber, connection, command.Previous))
        {
            return Outcome.Of(state, answer);
        }

        long epoch = state.Connections.NextNotifierEpoch(command);
        return Outcome.Of(
            state with { Connections = state.Connections.WithNotifierSubscriber(connection, epoch) },
            [
                .. Lost(state.Connections.NotifierSubscriber, command.NotifierId),
                new QueueEffect.Attached(connection, state.Record.RecipientId, command.NotifierId, epoch),
                new QueueEffect.NotifyStored(connection, state.Record.RecipientId, command.NotifierId),
                .. answer,
            ]);
    }

    private static ImmutableArray<QueueEffect> Answer(IServiceSubscriber connection, in EntityId entityId, bool isWanted) =>
        isWanted ? [new QueueEffect.AttachAnswered(connection, entityId, Failed: false)] : [];

    /// <summary>Whoever lost the service knows it by now, unless he subscribed to this id since.</summary>
    private static ImmutableArray<QueueEffect> Lost(ISubscriber? attached, in EntityId entityId) =>
        attached is IServiceSubscriber member ? [new QueueEffect.Taken(member, entityId)] : [];

    private static bool MayAttach(QueueState state, QueueCommand.AttachService command) =>
        state.Record.ServiceId is { } service
        && service == command.Connection.ServiceId
        && IsFree(state.Connections.Subscriber, command.Connection, command.Previous)
        && state.Connections.IndexOfGetter(command.Connection) < 0;

    /// <summary>Nobody is attached, or only somebody who lost the service to the new connection.</summary>
    private static bool IsFree(ISubscriber? attached, IServiceSubscriber connection, ImmutableArray<ISubscriber> previous) =>
        attached is null || (!attached.IsSameAs(connection) && previous.Any(attached.IsSameAs));
}
