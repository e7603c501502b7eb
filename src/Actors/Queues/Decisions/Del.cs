using System.Collections.Immutable;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary><c>DEL</c> (S-244): deletes the queue with all that belongs to it and tells the other connections that are subscribed (S-258).</summary>
internal static class Del
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client)
    {
        QueueRecord record = state.Record;
        ImmutableArray<QueueEffect> effects = [];
        if (Ending.Of(state.Connections.Subscriber, client, record.RecipientId, DeldResponse.Instance, state.Connections.SubscriberEpoch) is { } deleted)
        {
            effects = effects.Add(deleted);
        }

        if (record.Notifier is { } notifier
            && Ending.Of(state.Connections.NotifierSubscriber, client, notifier.NotifierId, DeldResponse.Instance, state.Connections.NotifierEpoch) is { } ended)
        {
            effects = effects.Add(ended);
        }

        return Outcome.Of(
            null,
            [new QueueChange.Delete(record.RecipientId)],
            [.. effects, Counts.OfDeleted(record), new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance)]);
    }
}
