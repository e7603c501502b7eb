using System.Collections.Immutable;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>SUB</c> (S-250 to S-257): the newest subscriber wins and the one before is told at once (S-500). The first
/// stored message follows the answer; a repeated <c>SUB</c> delivers it again.
/// </summary>
internal static class Sub
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client)
    {
        QueueConnections connections = state.Connections;
        if (connections.IndexOfGetter(client.Subscriber) >= 0)
        {
            return Outcome.Reply(state, client, Answers.Prohibited);
        }

        ImmutableArray<QueueEffect> effects =
        [
            new QueueEffect.Subscribed(client.Subscriber, client.EntityId, client.EntityId),
            new QueueEffect.Reply(client.ReplyTo, SokResponse.Plain),
        ];
        if (Ending.Of(connections.Subscriber, client, client.EntityId, EndResponse.Instance) is { } end)
        {
            effects = effects.Insert(0, end);
        }

        QueueState subscribed = Delivering.Next(
            state with { Connections = connections with { Subscriber = client.Subscriber, Delivered = null } },
            null,
            out QueueEffect.Deliver? delivery);
        return Outcome.Of(subscribed, delivery is null ? effects : effects.Add(delivery));
    }
}
