using System.Collections.Immutable;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// Deletes a queue that nobody used for very long (S-504), if that is still so. A queue whose recipient is subscribed is in use, and so
/// counts as used today; queues of services are left alone, because a service subscribes to all of them without naming them.
/// </summary>
internal static class Collect
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Collect command)
    {
        QueueRecord record = state.Record;
        if (record.ServiceId is not null || !IsUnused(record, command))
        {
            return Outcome.Nothing(state);
        }

        if (state.Connections.Subscriber is not null)
        {
            QueueRecord used = record with { UpdatedDay = command.Today };
            return Outcome.Of(state with { Record = used }, [new QueueChange.Update(used)], []);
        }

        ImmutableArray<QueueEffect> effects = state.Connections.NotifierSubscriber is { } notifier
            ? [new QueueEffect.Event(notifier, record.Notifier!.NotifierId, DeldResponse.Instance)]
            : [];
        return Outcome.Of(null, [new QueueChange.Delete(record.RecipientId)], effects.Add(Counts.OfDeleted(record)));
    }

    /// <summary>Whether the queue was last used before its day; never when nobody knows when that was.</summary>
    private static bool IsUnused(QueueRecord record, QueueCommand.Collect command) =>
        record.UpdatedDay > 0
        && (record.UpdatedDay < command.Since.Day || (record.Status is QueueStatus.OffStatus && record.UpdatedDay < command.Since.SuspendedDay));
}
