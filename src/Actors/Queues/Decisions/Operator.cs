using System.Collections.Immutable;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// What the operator does to a queue (S-369). Only blocking an active queue counts; a queue that is off becomes
/// blocked too, and a blocked one takes the new reason. The subscriber is told of every new reason and stays subscribed.
/// </summary>
internal static class Operator
{
    public static QueueDecision Decide(QueueState? state, QueueCommand.Operator command, DateTimeOffset now) => (state, command) switch
    {
        (null, _) => Outcome.Of(null, [Answer(command, null, null)]),
        (_, QueueCommand.Block block) => Decide(state, block),
        ({ Record.Status: QueueStatus.Blocked }, QueueCommand.Unblock) => Unblock(state, command, now),
        (_, QueueCommand.Remove) => Remove(state, command),
        _ => Outcome.Of(state, [Answer(command, state, state.Record)]),
    };

    private static QueueDecision Decide(QueueState state, QueueCommand.Block command)
    {
        QueueRecord record = state.Record.WithStatus(new QueueStatus.Blocked(command.Info));
        QueueDecision blocked = Outcome.Update(state, record, Answer(command, state, record));
        if (state.Connections.Subscriber is { } subscriber && !ReferenceEquals(record, state.Record))
        {
            var told = new QueueEffect.Event(subscriber, record.RecipientId, new ErrResponse(new BlockedError(command.Info)), Keep: true);
            blocked = blocked with { Effects = blocked.Effects.Insert(0, told) };
        }

        return state.Record.Status is QueueStatus.ActiveStatus
            ? blocked with { Effects = blocked.Effects.Insert(0, Counts.Blocked) }
            : blocked;
    }

    private static QueueDecision Unblock(QueueState state, QueueCommand.Operator command, DateTimeOffset now)
    {
        QueueRecord record = state.Record.WithStatus(QueueStatus.Active);
        QueueState active = Delivering.Next(state with { Record = record }, null, now, out QueueEffect.Deliver? delivery);
        ImmutableArray<QueueEffect> effects = [Answer(command, state, record)];
        return Outcome.Of(active, [new QueueChange.Update(record)], delivery is null ? effects : effects.Add(delivery));
    }

    private static QueueDecision Remove(QueueState state, QueueCommand.Operator command) => Outcome.Of(
        null,
        [new QueueChange.Delete(state.Record.RecipientId)],
        [Counts.OfDeleted(state.Record), Answer(command, state, null)]);

    private static QueueEffect.ReplyOperator Answer(QueueCommand.Operator command, QueueState? before, QueueRecord? after) =>
        new(command.ReplyTo, before?.Record, after, before?.Messages.Length ?? 0);
}
