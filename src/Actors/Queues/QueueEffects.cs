using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Queues;

/// <summary>Performs what queues decided, once it is durable: hands it to connections, which never block, or counts it.</summary>
/// <param name="services">Who holds the services of queues that nobody is attached to.</param>
/// <param name="statistics">What is counted.</param>
public sealed class QueueEffects(IServiceDirectory services, RouterStatistics statistics) : IEffectPerformer<QueueEffect>
{
    /// <inheritdoc/>
    public void Perform(in EntityId entityId, QueueEffect effect)
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
            case QueueEffect.Count count:
                Count(entityId, count);
                break;
            case QueueEffect.CountAckTime time:
                statistics.AddAckTime(time.Seconds);
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
            case QueueEffect.ReplyOperator done:
                done.To.Done(done.Before, done.After, done.Messages);
                break;
            case QueueEffect.Notify notify:
                notify.Subscriber.Notify(notify.RecipientId, notify.NotifierId, notify.Notification);
                break;
            case QueueEffect.NotifyStored stored:
                stored.Subscriber.NotifyStored(stored.RecipientId, stored.NotifierId);
                break;
            case QueueEffect.Event entityEvent:
                entityEvent.Subscriber.Event(entityEvent.EntityId, entityEvent.Response, entityEvent.Keep, entityEvent.Epoch);
                break;
            case QueueEffect.Subscribed subscribed:
                subscribed.Subscriber.Subscribed(subscribed.RecipientId, subscribed.EntityId, subscribed.Epoch);
                break;
            case QueueEffect.Remembered remembered:
                remembered.Subscriber.Remembered(remembered.RecipientId);
                break;
            case QueueEffect.Renewed renewed:
                renewed.Subscriber.Renewed(renewed.Use, renewed.RecipientId, renewed.EntityId, renewed.Epoch, renewed.Failed);
                break;
            case QueueEffect.ReplyOperatorFailed failed:
                failed.To.Failed();
                break;
            case QueueEffect.ReplyStale:
                break;
            default:
                PerformForService(effect);
                break;
        }
    }

    private void PerformForService(QueueEffect effect)
    {
        switch (effect)
        {
            case QueueEffect.Attached attached:
                attached.Connection.Attached(attached.RecipientId, attached.EntityId, attached.Epoch);
                break;
            case QueueEffect.AttachAnswered answered:
                answered.Connection.AttachAnswered(answered.EntityId, answered.Failed);
                break;
            case QueueEffect.Taken taken:
                taken.Connection.Taken(taken.EntityId);
                break;
            case QueueEffect.ServiceMail mail:
                services.HolderOf(mail.ServiceId)?.Mail(mail.RecipientId);
                break;
            case QueueEffect.NotifierMail mail:
                services.HolderOf(mail.ServiceId)?.NotifierMail(mail.RecipientId, mail.NotifierId);
                break;
            case QueueEffect.ServiceEvent serviceEvent:
                services.TellHolder(serviceEvent.ServiceId, serviceEvent.EntityId, serviceEvent.Response, serviceEvent.Cause);
                break;
            default:
                throw new InvalidOperationException($"No performance for {effect.GetType().Name}.");
        }
    }

    private void Count(in EntityId recipientId, QueueEffect.Count count)
    {
        foreach (Counter counter in count.Counters)
        {
            statistics.Add(counter, count.By);
        }

        if (count.Use is not QueueUse.None)
        {
            statistics.ActiveQueues.Use(recipientId, count.Use is QueueUse.Notification);
        }
    }
}
