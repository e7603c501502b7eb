using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// Notifications of messages: a subscribed notifier is told at once, otherwise the notification waits in the
/// store, where the number for one notifier is bounded (S-296, S-484). They are hints: one may come twice.
/// </summary>
internal static class Notifications
{
    public static QueueDecision Decide(QueueState state, QueueCommand.StoreNotification command) =>
        IsNotifier(state, command.NotifierId)
            ? Outcome.Of(state, [Waiting(command.NotifierId, command.Notification)], [])
            : Outcome.Nothing(state);

    public static QueueDecision Decide(QueueState state, QueueCommand.NotificationsDelivered command) =>
        IsNotifier(state, command.NotifierId)
            ? Outcome.Of(state, [new QueueChange.DeleteNotifications(command.NotifierId)], [])
            : Outcome.Nothing(state);

    private static bool IsNotifier(QueueState state, in EntityId notifierId) =>
        state.Record.Notifier is { } notifier && notifier.NotifierId == notifierId;

    private static QueueChange.AddNotification Waiting(in EntityId notifierId, StoredNotification notification) =>
        new(notifierId, notification, Limits.StoredNotificationsPerNotifier);
}
