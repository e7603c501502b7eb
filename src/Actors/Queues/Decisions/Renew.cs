using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// What a connection had with the queue's last owner counts with this one, unless somebody subscribed later. The queue's
/// record never changes by it: a connection whose service is not the queue's any more lost the queue to another one.
/// </summary>
internal static class Renew
{
    public static QueueDecision Decide(QueueState? state, QueueCommand.Renew command, DateTimeOffset now)
    {
        if (state is null)
        {
            return Outcome.Of(null, command.Known.Use is RenewedUse.Reading ? [] : [Gone(command.Subscriber, command.EntityId, command.Known)]);
        }

        QueueState renewed = Apply(state, command.EntityId, command.Subscriber, command.Known, now, out ImmutableArray<QueueEffect> effects);
        return Outcome.Of(renewed, effects);
    }

    /// <summary>True when the queue knows the connection as its subscriber or as one that used <c>GET</c>.</summary>
    public static bool IsKnown(QueueConnections connections, ISubscriber subscriber) =>
        connections.Subscriber?.IsSameAs(subscriber) == true || connections.IndexOfGetter(subscriber) >= 0;

    /// <summary>The queue after the renewal.</summary>
    /// <param name="state">The queue.</param>
    /// <param name="entityId">Recipient or notifier id.</param>
    /// <param name="subscriber">The connection.</param>
    /// <param name="known">What it had.</param>
    /// <param name="now">The router's time.</param>
    /// <param name="effects">What to tell whom.</param>
    public static QueueState Apply(
        QueueState state, in EntityId entityId, ISubscriber subscriber, KnownSubscription known, DateTimeOffset now, out ImmutableArray<QueueEffect> effects) =>
        known.Use switch
        {
            RenewedUse.Messages => Messages(state, subscriber, known, now, out effects),
            RenewedUse.Notifications => Notifications(state, entityId, subscriber, known, out effects),
            _ => Reading(state, subscriber, known, now, out effects),
        };

    private static QueueState Messages(
        QueueState state, ISubscriber subscriber, KnownSubscription known, DateTimeOffset now, out ImmutableArray<QueueEffect> effects)
    {
        QueueConnections connections = state.Connections;
        EntityId id = state.Record.RecipientId;
        var present = new Present(connections.Subscriber, connections.SubscriberEpoch);
        if (present.Keeps(subscriber, known) || state.Record.ServiceId != subscriber.ServiceId)
        {
            effects = [Association.Lost(subscriber, known.Epoch, present.Subscriber, id)];
            return state;
        }

        if (present.Knows(subscriber, known) && known.Delivered is not { IsEmpty: true })
        {
            effects = [new QueueEffect.Renewed(subscriber, known.Use, id, id, present.Epoch)];
            return state;
        }

        long epoch = present.EpochFor(subscriber, known);
        bool isDelivered = !state.Messages.IsEmpty && state.Messages[0].MessageId == known.Delivered;
        QueueState renewed = Delivering.Next(
            state with
            {
                Connections = connections.WithSubscriber(subscriber, epoch) with { Delivered = isDelivered ? DeliveredOf(known, now) : null },
            },
            null,
            now,
            out QueueEffect.Deliver? delivery);
        effects = [.. present.LosingTo(subscriber, known, id), new QueueEffect.Renewed(subscriber, known.Use, id, id, epoch)];
        effects = delivery is null ? effects : effects.Add(delivery);
        return renewed;
    }

    private static QueueState Notifications(
        QueueState state, in EntityId notifierId, ISubscriber subscriber, KnownSubscription known, out ImmutableArray<QueueEffect> effects)
    {
        QueueConnections connections = state.Connections;
        EntityId id = state.Record.RecipientId;
        if (state.Record.Notifier is not { } notifier || notifier.NotifierId != notifierId)
        {
            effects = [Gone(subscriber, notifierId, known)];
            return state;
        }

        var present = new Present(connections.NotifierSubscriber, connections.NotifierEpoch);
        if (present.Keeps(subscriber, known) || notifier.ServiceId != subscriber.ServiceId)
        {
            effects = [Association.Lost(subscriber, known.Epoch, present.Subscriber, notifierId)];
            return state;
        }

        if (present.Knows(subscriber, known))
        {
            effects = [new QueueEffect.Renewed(subscriber, known.Use, id, notifierId, present.Epoch)];
            return state;
        }

        long epoch = present.EpochFor(subscriber, known);
        effects =
        [
            .. present.LosingTo(subscriber, known, notifierId),
            new QueueEffect.Renewed(subscriber, known.Use, id, notifierId, epoch),
            new QueueEffect.NotifyStored(subscriber, id, notifierId),
        ];
        return state with { Connections = connections.WithNotifierSubscriber(subscriber, epoch) };
    }

    private static QueueState Reading(
        QueueState state, ISubscriber subscriber, KnownSubscription known, DateTimeOffset now, out ImmutableArray<QueueEffect> effects)
    {
        EntityId id = state.Record.RecipientId;
        effects = [new QueueEffect.Renewed(subscriber, known.Use, id, id, known.Epoch)];
        int index = state.Connections.IndexOfGetter(subscriber);
        return index >= 0 && ReferenceEquals(state.Connections.Getters[index].Subscriber, subscriber)
            ? state
            : state with { Connections = state.Connections.WithGetter(new Getter(subscriber, DeliveredOf(known, now))) };
    }

    // When it was delivered, only the last owner knew.
    private static DeliveredMessage? DeliveredOf(KnownSubscription known, DateTimeOffset now) =>
        known.Delivered is { IsEmpty: false } id ? new DeliveredMessage(id, now.ToUnixTimeSeconds()) : null;

    private static QueueEffect.Event Gone(ISubscriber subscriber, in EntityId entityId, KnownSubscription known) =>
        new(subscriber, entityId, DeldResponse.Instance) { Epoch = known.Epoch };

    /// <summary>Whoever is subscribed when a renewal comes.</summary>
    private readonly record struct Present(ISubscriber? Subscriber, long Epoch)
    {
        /// <summary>Another connection subscribed later than the one that renews.</summary>
        public bool Keeps(ISubscriber renewing, KnownSubscription known) =>
            Subscriber is not null && !IsSame(renewing, known) && Epoch >= known.Epoch;

        /// <summary>The connection that renews is subscribed already, and what it was told since is not lost.</summary>
        public bool Knows(ISubscriber renewing, KnownSubscription known) => ReferenceEquals(Subscriber, renewing) && Epoch >= known.Epoch;

        /// <summary>Of the renewed subscription.</summary>
        public long EpochFor(ISubscriber renewing, KnownSubscription known) =>
            Subscriber?.IsSameAs(renewing) == true ? Math.Max(Epoch, known.Epoch) : known.Epoch;

        /// <summary>What the other one is told.</summary>
        public ImmutableArray<QueueEffect> LosingTo(ISubscriber renewing, KnownSubscription known, in EntityId entityId) =>
            Subscriber is null || IsSame(renewing, known) ? [] : [Association.Lost(Subscriber, Epoch, renewing, entityId)];

        // No two subscriptions have one epoch: when the connection's node was declared dead and joined again under another number,
        // the epoch shows that this is the subscription that it had before, whose session may not have ended here yet.
        private bool IsSame(ISubscriber renewing, KnownSubscription known) => Subscriber!.IsSameAs(renewing) || Epoch == known.Epoch;
    }
}
