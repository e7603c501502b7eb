namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// The one rule of delivery: a subscriber that has nothing to acknowledge is sent the first stored message
/// (S-264). It is applied whenever either side of it may have become true, so that no message waits for a
/// push that was missed (S-478).
/// </summary>
internal static class Delivering
{
    /// <summary>Applies the rule.</summary>
    /// <param name="state">The queue.</param>
    /// <param name="onlyBody">Body of the message if it is the only one and in memory, else null.</param>
    /// <param name="now">The router's time.</param>
    /// <param name="delivery">What to send; null for nothing.</param>
    public static QueueState Next(QueueState state, ReadOnlyMemory<byte>? onlyBody, DateTimeOffset now, out QueueEffect.Deliver? delivery)
    {
        QueueConnections connections = state.Connections;
        if (connections.Subscriber is not { } subscriber
            || connections.Delivered is not null
            || state.Messages.IsEmpty
            || state.Record.Status is QueueStatus.Blocked)
        {
            delivery = null;
            return state;
        }

        delivery = new QueueEffect.Deliver(subscriber, First(state, state.Messages.Length == 1 ? onlyBody : null));
        return state with { Connections = connections with { Delivered = new DeliveredMessage(state.Messages[0].MessageId, now.ToUnixTimeSeconds()) } };
    }

    /// <summary>Delivers the first stored message whatever was delivered before.</summary>
    public static QueueDecision Again(QueueState state, DateTimeOffset now)
    {
        QueueState delivered = Next(Undelivered(state), null, now, out QueueEffect.Deliver? delivery);
        return Outcome.Of(delivered, delivery is null ? [] : [delivery]);
    }

    /// <summary>Forgets what was delivered to the subscriber.</summary>
    public static QueueState Undelivered(QueueState state) =>
        state.Connections.Delivered is null ? state : state with { Connections = state.Connections with { Delivered = null } };

    /// <summary>The first stored message on its way; a quota marker has no body to read.</summary>
    public static Delivery First(QueueState state, ReadOnlyMemory<byte>? body = null)
    {
        MessageHeader first = state.Messages[0];
        return new Delivery(state.Record.RecipientId, first, state.Record.DhSecret, first.IsQuotaMarker ? ReadOnlyMemory<byte>.Empty : body);
    }
}
