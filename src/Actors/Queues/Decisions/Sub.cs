using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>SUB</c> (S-250 to S-257): the newest subscriber wins and the one before is told at once (S-500). The first
/// stored message is handed over ahead of the answer, which it follows on the wire: so a connection that has the answer has
/// the message too, and sends both in one block (S-332). A repeated <c>SUB</c> delivers it again. The queue belongs to the service
/// of the connection from then on, or to none (S-310).
/// </summary>
internal static class Sub
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, DateTimeOffset now)
    {
        QueueConnections connections = state.Connections;
        if (connections.IndexOfGetter(client.Subscriber) >= 0)
        {
            return Outcome.Reply(state, client, Answers.Prohibited, Counts.SubProhibited);
        }

        EntityId? service = Association.Of(client);
        long epoch = connections.NextEpoch(client);
        ImmutableArray<QueueEffect> effects =
        [
            new QueueEffect.Subscribed(client.Subscriber, client.EntityId, client.EntityId, epoch),
        ];
        if (Association.Replaced(connections.Subscriber, connections.SubscriberEpoch, client) is { } end)
        {
            effects = effects.Insert(0, end);
        }

        bool isNew = state.Record.ServiceId != service;
        QueueRecord record = isNew ? state.Record with { ServiceId = service } : state.Record;
        QueueState subscribed = Delivering.Next(
            state with { Record = record, Connections = connections.WithSubscriber(client.Subscriber, epoch) },
            null,
            now,
            out QueueEffect.Deliver? delivery);
        if (connections.Subscriber?.IsSameAs(client.Subscriber) == true)
        {
            effects = effects.Insert(0, Counts.SubDuplicate);
        }
        else if (delivery is not null)
        {
            effects = effects.Insert(0, Counts.Subscribed);
        }

        if (Counts.OfAssociation(state.Record.ServiceId, service, ofNotifier: false) is { } associated)
        {
            effects = effects.Insert(0, associated);
        }

        var answer = new QueueEffect.Reply(client.ReplyTo, service is null ? SokResponse.Plain : new SokResponse(service));
        return Outcome.Of(subscribed, isNew ? [new QueueChange.Update(record)] : [], delivery is null ? effects.Add(answer) : effects.AddRange(delivery, answer));
    }
}
