using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Queues;

/// <summary>Performs what queues decided, once it is durable: hands everything to connections, which never block.</summary>
public sealed class QueueEffects : IEffectPerformer<QueueEffect>
{
    /// <summary>The only value; it has no state.</summary>
    public static QueueEffects Instance { get; } = new();

    /// <inheritdoc/>
    public void Perform(QueueEffect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        switch (effect)
        {
            case QueueEffect.Reply reply:
                reply.To.Target.Reply(reply.To.Slot, reply.Response);
                break;
            case QueueEffect.Deliver deliver:
                deliver.Subscriber.Deliver(deliver.Delivery);
                break;
            case QueueEffect.ReplyMessage message:
                message.To.Target.ReplyMessage(message.To.Slot, message.Delivery);
                break;
            case QueueEffect.ReplyLink link:
                link.To.Target.ReplyLink(link.To.Slot, link.LinkId, link.SenderId);
                break;
            case QueueEffect.ReplyKeys keys:
                keys.To.Keys(keys.Keys);
                break;
            case QueueEffect.ReplyKeysFailed failed:
                failed.To.Failed();
                break;
            case QueueEffect.ReplyStatus status:
                status.To.Status(status.Status, status.Changed);
                break;
            case QueueEffect.Notify notify:
                notify.Subscriber.Notify(notify.NotifierId, notify.Notification);
                break;
            case QueueEffect.NotifyStored stored:
                stored.Subscriber.NotifyStored(stored.RecipientId, stored.NotifierId);
                break;
            case QueueEffect.Event entityEvent:
                entityEvent.Subscriber.Event(entityEvent.EntityId, entityEvent.Response, entityEvent.Keep);
                break;
            case QueueEffect.Subscribed subscribed:
                subscribed.Subscriber.Subscribed(subscribed.RecipientId, subscribed.EntityId);
                break;
            case QueueEffect.Remembered remembered:
                remembered.Subscriber.Remembered(remembered.RecipientId);
                break;
            case QueueEffect.ReplyStatusFailed failed:
                failed.To.Failed();
                break;
            case QueueEffect.ReplyStale:
                break;
            default:
                throw new InvalidOperationException($"No performance for {effect.GetType().Name}.");
        }
    }
}
