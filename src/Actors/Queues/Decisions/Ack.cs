using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>ACK</c> (S-269 to S-272): deletes the acknowledged message if it still is the first one. A subscriber's
/// answer is the next message; a getter's answer never is. An owner that was not told yet what the connection had with
/// the one before learns it from the command.
/// </summary>
internal static class Ack
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, AckCommand ack, DateTimeOffset now)
    {
        QueueConnections connections = state.Connections;
        if (client.Known is { } known && !Renew.IsKnown(connections, client.Subscriber))
        {
            QueueState renewed = Renew.Apply(state, client.EntityId, client.Subscriber, known, now, out ImmutableArray<QueueEffect> effects);
            QueueDecision decision = Decide(renewed, client with { Known = null }, ack, now);
            return decision with { Effects = [.. effects, .. decision.Effects] };
        }

        if (connections.Subscriber?.IsSameAs(client.Subscriber) == true)
        {
            return Matches(ack, connections.Delivered?.MessageId)
                ? OfSubscriber(state, client, ack, now)
                : Outcome.Reply(state, client, Answers.NoMsg);
        }

        int index = connections.IndexOfGetter(client.Subscriber);
        return index >= 0 && Matches(ack, connections.Getters[index].Delivered?.MessageId)
            ? OfGetter(state, client, ack, connections.Getters[index].Delivered!, now)
            : Outcome.Reply(state, client, Answers.NoMsg);
    }

    /// <summary>An empty id acknowledges any message, but deletes none (S-272).</summary>
    private static bool Matches(AckCommand ack, EntityId? delivered) =>
        delivered is { } id && (ack.MessageId.IsEmpty || ack.MessageId == id);

    private static QueueDecision OfSubscriber(QueueState state, QueueCommand.Client client, AckCommand ack, DateTimeOffset now)
    {
        bool deletes = DeletesFirst(state, ack);
        QueueState rest = deletes ? state with { Messages = state.Messages.RemoveAt(0) } : state;
        QueueConnections connections = rest.Connections with
        {
            Delivered = rest.Messages.IsEmpty ? null : new DeliveredMessage(rest.Messages[0].MessageId, now.ToUnixTimeSeconds()),
        };
        QueueEffect answer = rest.Messages.IsEmpty
            ? new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance)
            : new QueueEffect.ReplyMessage(client.ReplyTo, Delivering.First(rest));
        rest = rest with { Connections = connections };
        return deletes
            ? Outcome.Of(rest, [Deletion(state)], Counted(state.Messages[0], byGet: false, state.Connections.Delivered!, now, answer))
            : Outcome.Of(rest, [answer]);
    }

    private static QueueDecision OfGetter(
        QueueState state, QueueCommand.Client client, AckCommand ack, DeliveredMessage delivered, DateTimeOffset now)
    {
        QueueState rest = state with { Connections = state.Connections.WithGetter(new Getter(client.Subscriber, null)) };
        var ok = new QueueEffect.Reply(client.ReplyTo, OkResponse.Instance);
        return DeletesFirst(state, ack)
            ? Outcome.Of(
                rest with { Messages = rest.Messages.RemoveAt(0) },
                [Deletion(state)],
                Counted(state.Messages[0], byGet: true, delivered, now, ok))
            : Outcome.Of(rest, [ok]);
    }

    /// <summary>Counts a message that was received (S-275); the quota marker is none (S-282).</summary>
    private static ImmutableArray<QueueEffect> Counted(
        in MessageHeader message, bool byGet, DeliveredMessage delivered, DateTimeOffset now, QueueEffect answer) =>
        message.IsQuotaMarker
            ? [answer]
            : [Counts.OfReceived(message.Notify, byGet), Counts.AckTime(now.ToUnixTimeSeconds() - delivered.At), answer];

    private static bool DeletesFirst(QueueState state, AckCommand ack) =>
        !state.Messages.IsEmpty && state.Messages[0].MessageId == ack.MessageId;

    private static QueueChange.DeleteMessage Deletion(QueueState state) =>
        new(state.Record.RecipientId, state.Messages[0].Sequence);
}
