using System.Collections.Immutable;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>NSUB</c> (S-295): the newest notification subscriber wins; it is sent what waits in the store after the answer.
/// </summary>
internal static class Nsub
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client)
    {
        ImmutableArray<QueueEffect> effects =
        [
            new QueueEffect.Subscribed(client.Subscriber, state.Record.RecipientId, client.EntityId),
            new QueueEffect.Reply(client.ReplyTo, SokResponse.Plain),
            new QueueEffect.NotifyStored(client.Subscriber, state.Record.RecipientId, client.EntityId),
        ];
        if (Ending.Of(state.Connections.NotifierSubscriber, client, client.EntityId, EndResponse.Instance) is { } end)
        {
            effects = effects.Insert(0, end);
        }

        return Outcome.Of(state with { Connections = state.Connections.WithNotifierSubscriber(client.Subscriber) }, effects);
    }
}
