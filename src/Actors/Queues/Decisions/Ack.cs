using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>ACK</c> (S-269 to S-272): deletes the acknowledged message if it still is the first one. A subscriber's
/// answer is the next message; a getter's answer never is.
/// </summary>
internal static class Ack
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, AckCommand ack)
    {
        QueueConnections connections = state.Connections;
        if (ReferenceEquals(connections.Subscriber, client.Subscriber))
        {
            return Matches(ack, connections.Delivered?.MessageId)
                ? OfSubscriber(state, client, ack)
                : Outcome.Reply(state, client, Answers.NoMsg);
        }

        int index = connections.IndexOfGetter(client.Subscriber);
        return index >= 0 && Matches(ack, connections.Getters[index].DeliveredId)
            ? OfGetter(state, client, ack)
            : Outcome.Reply(state, client, Answers.NoMsg);
    }

    /// <summary>An empty id acknowledges any message, but deletes none (S-272).</summary>
    private static bool Matches(AckCommand ack, EntityId? delivered) =>
        delivered is { } id && (ack.MessageId.IsEmpty || ack.MessageId == id);

    private static QueueDecision OfSubscriber(QueueState state, QueueCommand.Client client, AckCommand ack)
    {
        bool deletes = DeletesFirst(state, ack);
        QueueState rest = deletes ? state with { Messages = state.Messages.RemoveAt(0) } : state;
        QueueConnections connections = rest.Connections with
        {
            Delivered = rest.Messages.IsEmpty ? null : new DeliveredMessage(rest.Messages[0].MessageId),
        };
        QueueEffect answer = rest.Messages.IsEmpty
            ? new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance)
            : new QueueEffect.ReplyMessage(client.ReplyTo, Delivering.First(rest));
        return Outcome.Of(rest with { Connections = connections }, deletes ? [Deletion(state)] : [], [answer]);
    }

    private static QueueDecision OfGetter(QueueState state, QueueCommand.Client client, AckCommand ack)
    {
        QueueState rest = state with { Connections = state.Connections.WithGetter(new Getter(client.Subscriber, null)) };
        var ok = new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance);
        return DeletesFirst(state, ack)
            ? Outcome.Of(rest with { Messages = rest.Messages.RemoveAt(0) }, [Deletion(state)], [ok])
            : Outcome.Of(rest, [ok]);
    }

    private static bool DeletesFirst(QueueState state, AckCommand ack) =>
        !state.Messages.IsEmpty && state.Messages[0].MessageId == ack.MessageId;

    private static QueueChange.DeleteMessage Deletion(QueueState state) =>
        new(state.Record.RecipientId, state.Messages[0].Sequence);
}
