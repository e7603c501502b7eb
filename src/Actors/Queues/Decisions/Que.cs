using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary><c>QUE</c> (S-245, S-248): what the asking connection may know of the queue.</summary>
internal static class Que
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client)
    {
        var info = new QueueInfo
        {
            IsSecured = state.Record.SenderKey is not null,
            HasNotifier = state.Record.Notifier is not null,
            Subscription = SubscriptionOf(client.Subscriber, state.Connections),
            Size = state.Messages.Length,
            NextMessage = state.Messages.IsEmpty ? null : Describe(state.Messages[0]),
        };
        return Outcome.Reply(state, client, new InfoResponse(info.ToJson()));
    }

    private static QueueSubscriptionInfo? SubscriptionOf(ISubscriber asking, QueueConnections connections)
    {
        if (connections.Subscriber?.IsSameAs(asking) == true)
        {
            return new QueueSubscriptionInfo(QueueSubscriptionState.NoSub, connections.Delivered?.MessageId.ToArray());
        }

        int index = connections.IndexOfGetter(asking);
        return index < 0
            ? null
            : new QueueSubscriptionInfo(QueueSubscriptionState.Prohibited, connections.Getters[index].Delivered?.MessageId.ToArray());
    }

    private static QueueMessageInfo Describe(in MessageHeader message) => new(
        message.MessageId.ToArray(),
        DateTimeOffset.FromUnixTimeSeconds(message.Timestamp),
        message.IsQuotaMarker ? QueueMessageKind.Quota : QueueMessageKind.Message);
}
