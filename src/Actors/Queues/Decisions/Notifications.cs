using System.Collections.Immutable;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// Notifications of messages: a subscribed notifier is told at once, otherwise the notification waits in the
/// store, where the number for one notifier is bounded (S-296, S-484). They are hints: one may come twice.
/// </summary>
internal static class Notifications
{
    /// <summary>Adds the notification of <paramref name="header"/> to a decision to store that message.</summary>
    public static QueueDecision Add(
        QueueState state,
        QueueNotifier notifier,
        in MessageHeader header,
        in EntityId nonce,
        ImmutableArray<QueueChange> changes,
        ImmutableArray<QueueEffect> effects)
    {
        StoredNotification notification = Make(notifier, header, nonce);
        return state.Connections.NotifierSubscriber is { } subscriber
            ? Outcome.Of(state, changes, effects.Add(new QueueEffect.Notify(subscriber, state.Record.RecipientId, notifier.NotifierId, notification)))
            : Outcome.Of(state, changes.Add(Waiting(notifier.NotifierId, notification)), Mailed(state, notifier, effects.Insert(0, Counts.NotificationWaits)));
    }

    public static QueueDecision Decide(QueueState state, QueueCommand.StoreNotification command)
    {
        if (!IsNotifier(state, command.NotifierId))
        {
            return Outcome.Nothing(state);
        }

        if (command.Gone is { } gone)
        {
            if (state.Connections.NotifierSubscriber is { } other && !other.IsSameAs(gone))
            {
                return Outcome.Of(state, [new QueueEffect.Notify(other, state.Record.RecipientId, command.NotifierId, command.Notification)]);
            }

            state = state with { Connections = state.Connections.WithoutNotifierSubscriber() };
        }

        ImmutableArray<QueueEffect> mail = state.Connections.NotifierSubscriber is null ? Mailed(state, state.Record.Notifier!, []) : [];
        return Outcome.Of(state, [Waiting(command.NotifierId, command.Notification)], mail);
    }

    public static QueueDecision Decide(QueueState state, QueueCommand.NotificationsDelivered command) =>
        IsNotifier(state, command.NotifierId)
            ? Outcome.Of(state, [new QueueChange.DeleteNotifications(command.NotifierId)], [])
            : Outcome.Nothing(state);

    private static ImmutableArray<QueueEffect> Mailed(QueueState state, QueueNotifier notifier, ImmutableArray<QueueEffect> effects) =>
        notifier.ServiceId is { } service
            ? effects.Add(new QueueEffect.NotifierMail(service, state.Record.RecipientId, notifier.NotifierId))
            : effects;

    private static StoredNotification Make(QueueNotifier notifier, in MessageHeader header, in EntityId nonce)
    {
        byte[] meta = new byte[SmpSizes.EncryptedNotificationBytes];
        var key = new BoxKey(notifier.DhSecret.AsSpan());
        NotificationMeta.Encrypt(meta, key, nonce.Bytes, header.MessageId, header.Timestamp);
        key.Clear();
        return new StoredNotification(header.MessageId, header.Timestamp, nonce, meta);
    }

    private static bool IsNotifier(QueueState state, in EntityId notifierId) =>
        state.Record.Notifier is { } notifier && notifier.NotifierId == notifierId;

    private static QueueChange.AddNotification Waiting(in EntityId notifierId, StoredNotification notification) =>
        new(notifierId, notification, Limits.StoredNotificationsPerNotifier);
}
