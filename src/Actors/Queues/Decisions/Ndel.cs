using System.Collections.Immutable;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary><c>NDEL</c> (S-294): removes the notifier credentials, if there are any.</summary>
internal static class Ndel
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client)
    {
        var ok = new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance);
        if (state.Record.Notifier is null)
        {
            return Outcome.Of(state, [ok]);
        }

        QueueState changed = Ended(state, client, null, out ImmutableArray<QueueChange> changes, out ImmutableArray<QueueEffect> effects);
        return Outcome.Of(changed, changes, [.. effects, Counts.NotifierDeleted, ok]);
    }

    /// <summary>
    /// Puts <paramref name="next"/> in place of the credentials: what waits for the previous notifier is deleted
    /// and its subscriber is told (S-258).
    /// </summary>
    public static QueueState Ended(
        QueueState state,
        QueueCommand.Client client,
        QueueNotifier? next,
        out ImmutableArray<QueueChange> changes,
        out ImmutableArray<QueueEffect> effects)
    {
        QueueRecord record = state.Record with { Notifier = next, KeysVersion = state.Record.KeysVersion + 1 };
        changes = [new QueueChange.Update(record)];
        effects = [];
        if (state.Record.Notifier is { } previous)
        {
            changes = changes.Add(new QueueChange.DeleteNotifications(previous.NotifierId));
            effects = Ending.Of(state.Connections.NotifierSubscriber, client, previous.NotifierId, DeldResponse.Instance, state.Connections.NotifierEpoch) is { } deleted
                ? [deleted]
                : [];
        }

        return state with { Record = record, Connections = state.Connections.WithoutNotifierSubscriber() };
    }
}
