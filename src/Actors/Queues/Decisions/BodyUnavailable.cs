using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// The body of a delivered message cannot be read. The message leaves the queue, because it can never be
/// delivered, and a subscriber is sent the next one.
/// </summary>
internal static class BodyUnavailable
{
    public static QueueDecision Decide(QueueState state, QueueCommand.BodyUnavailable command, DateTimeOffset now)
    {
        ImmutableArray<QueueChange> changes = [];
        int index = IndexOf(state.Messages, command.MessageId);
        if (index >= 0)
        {
            changes = [new QueueChange.DeleteMessage(state.Record.RecipientId, state.Messages[index].Sequence)];
            state = state with { Messages = state.Messages.RemoveAt(index) };
        }

        state = state with { Connections = NotDelivered(state.Connections, command) };
        state = Delivering.Next(state, null, now, out QueueEffect.Deliver? delivery);
        return Outcome.Of(state, changes, delivery is null ? [] : [delivery]);
    }

    private static QueueConnections NotDelivered(QueueConnections connections, QueueCommand.BodyUnavailable command)
    {
        if (connections.Subscriber?.IsSameAs(command.Subscriber) == true && connections.Delivered?.MessageId == command.MessageId)
        {
            return connections with { Delivered = null };
        }

        int index = connections.IndexOfGetter(command.Subscriber);
        return index >= 0 && connections.Getters[index].Delivered?.MessageId == command.MessageId
            ? connections.WithGetter(new Getter(command.Subscriber, null))
            : connections;
    }

    private static int IndexOf(ImmutableArray<MessageHeader> messages, in EntityId messageId)
    {
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].MessageId == messageId)
            {
                return i;
            }
        }

        return -1;
    }
}
