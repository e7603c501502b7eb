using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>Tells a connection that its subscription ended because of what another connection did (S-257, S-258).</summary>
internal static class Ending
{
    /// <summary>The event; null when nobody was subscribed or the subscriber itself sent the command.</summary>
    public static QueueEffect.Event? Of(ISubscriber? subscriber, QueueCommand.Client client, in EntityId entityId, SmpResponse response, long epoch) =>
        subscriber is null || subscriber.IsSameAs(client.Subscriber)
            ? null
            : new QueueEffect.Event(subscriber, entityId, response) { Epoch = epoch };
}
