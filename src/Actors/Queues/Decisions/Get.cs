using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>GET</c> (S-273): answers with the first stored message without subscribing; a repeated <c>GET</c> answers with
/// the same message. The connection may not subscribe from then on, nor may a subscriber use <c>GET</c> (S-253).
/// </summary>
internal static class Get
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, DateTimeOffset now)
    {
        QueueConnections connections = state.Connections;
        if (connections.Subscriber?.IsSameAs(client.Subscriber) == true)
        {
            return Outcome.Reply(state, client, Answers.Prohibited, Counts.GetProhibited);
        }

        DeliveredMessage? delivered = state.Messages.IsEmpty ? null : new DeliveredMessage(state.Messages[0].MessageId, now.ToUnixTimeSeconds());
        int index = connections.IndexOfGetter(client.Subscriber);
        bool again = index >= 0 && delivered is not null && connections.Getters[index].Delivered?.MessageId == delivered.MessageId;
        QueueEffect.Count count = delivered is null ? Counts.GotNothing : again ? Counts.GotAgain : Counts.Got;
        QueueEffect answer = state.Messages.IsEmpty
            ? new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance)
            : new QueueEffect.ReplyMessage(client.ReplyTo, Delivering.First(state));
        return Outcome.Of(
            state with { Connections = connections.WithGetter(new Getter(client.Subscriber, delivered)) },
            [new QueueEffect.Remembered(client.Subscriber, client.EntityId), count, answer]);
    }
}
