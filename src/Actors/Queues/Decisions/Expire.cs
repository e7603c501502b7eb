using System.Collections.Immutable;
using SimplexActors.Actors.Statistics;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// Removes old messages from the front, up to the first one to be kept or the quota marker (S-284, S-285). What
/// was delivered stays delivered: its acknowledgement then brings the next message (S-271).
/// </summary>
internal static class Expire
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Expire command)
    {
        ImmutableArray<QueueChange> changes = [];
        QueueState rest = Remove(state, command.OlderThan, ref changes);
        return Outcome.Of(rest, changes, changes.IsEmpty ? [] : [Counted(changes.Length)]);
    }

    /// <summary>Counts removed messages (S-408).</summary>
    public static QueueEffect.Count Counted(int messages) => new([Counter.MsgExpired], By: messages);

    /// <summary>Removes what is older than <paramref name="olderThan"/> and adds the deletions to <paramref name="changes"/>.</summary>
    public static QueueState Remove(QueueState state, long olderThan, ref ImmutableArray<QueueChange> changes)
    {
        int count = state.CountExpired(olderThan);
        if (count == 0)
        {
            return state;
        }

        ImmutableArray<QueueChange>.Builder deletions = ImmutableArray.CreateBuilder<QueueChange>(changes.Length + count);
        deletions.AddRange(changes);
        for (int i = 0; i < count; i++)
        {
            deletions.Add(new QueueChange.DeleteMessage(state.Record.RecipientId, state.Messages[i].Sequence));
        }

        changes = deletions.MoveToImmutable();
        return state with { Messages = state.Messages.RemoveRange(0, count) };
    }
}
