using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>NSUB</c> (S-295): the newest notification subscriber wins; it is sent what waits in the store after the answer.
/// The notifier belongs to the service of the connection from then on, or to none (S-310).
/// </summary>
internal static class Nsub
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client)
    {
        EntityId? service = Association.Of(client);
        QueueConnections connections = state.Connections;
        long epoch = connections.NextNotifierEpoch(client);
        ImmutableArray<QueueEffect> effects =
        [
            new QueueEffect.Subscribed(client.Subscriber, state.Record.RecipientId, client.EntityId, epoch),
            new QueueEffect.Reply(client.ReplyTo, service is null ? SokResponse.Plain : new SokResponse(service)),
            new QueueEffect.NotifyStored(client.Subscriber, state.Record.RecipientId, client.EntityId),
        ];
        if (Association.Replaced(connections.NotifierSubscriber, connections.NotifierEpoch, client) is { } end)
        {
            effects = effects.Insert(0, end);
        }

        if (Counts.OfAssociation(state.Record.Notifier?.ServiceId, service, ofNotifier: true) is { } associated)
        {
            effects = effects.Insert(0, associated);
        }

        if (service is null)
        {
            bool isRepeated = connections.NotifierSubscriber?.IsSameAs(client.Subscriber) == true;
            effects = effects.Insert(0, isRepeated ? Counts.NotifierSubDuplicate : Counts.NotifierSubscribed);
        }

        QueueState subscribed = state with { Connections = connections.WithNotifierSubscriber(client.Subscriber, epoch) };
        if (state.Record.Notifier is not { } notifier || notifier.ServiceId == service)
        {
            return Outcome.Of(subscribed, effects);
        }

        QueueRecord record = state.Record with { Notifier = notifier with { ServiceId = service } };
        return Outcome.Of(subscribed with { Record = record }, [new QueueChange.Update(record)], effects);
    }
}
