using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// The operator blocks and unblocks (S-369). Only what was active counts as changed; a queue that is off
/// becomes blocked too, and a blocked one takes the new reason.
/// </summary>
internal static class Block
{
    public static QueueDecision Decide(QueueState? state, QueueCommand.Block command)
    {
        if (state is null)
        {
            return Outcome.Of(null, [new QueueEffect.ReplyStatus(command.ReplyTo, null, false)]);
        }

        bool wasActive = state.Record.Status is QueueStatus.ActiveStatus;
        QueueRecord record = state.Record.WithStatus(new QueueStatus.Blocked(command.Info));
        QueueDecision blocked = Outcome.Update(state, record, new QueueEffect.ReplyStatus(command.ReplyTo, record.Status, wasActive));
        if (!wasActive)
        {
            return blocked;
        }

        blocked = blocked with { Effects = blocked.Effects.Insert(0, Counts.Blocked) };
        return state.Connections.Subscriber is { } subscriber
            ? blocked with { Effects = blocked.Effects.Insert(0, Told(subscriber, record, command)) }
            : blocked;
    }

    public static QueueDecision Decide(QueueState? state, QueueCommand.Unblock command, DateTimeOffset now)
    {
        if (state?.Record.Status is not QueueStatus.Blocked)
        {
            return Outcome.Of(state, [new QueueEffect.ReplyStatus(command.ReplyTo, state?.Record.Status, false)]);
        }

        QueueRecord record = state.Record.WithStatus(QueueStatus.Active);
        QueueState active = Delivering.Next(state with { Record = record }, null, now, out QueueEffect.Deliver? delivery);
        var status = new QueueEffect.ReplyStatus(command.ReplyTo, record.Status, true);
        return Outcome.Of(active, [new QueueChange.Update(record)], delivery is null ? [status] : [status, delivery]);
    }

    private static QueueEffect.Event Told(ISubscriber subscriber, QueueRecord record, QueueCommand.Block command) =>
        new(subscriber, record.RecipientId, new ErrResponse(new BlockedError(command.Info)), Keep: true);
}
