using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Services;

/// <summary>Performs what services decided.</summary>
/// <param name="directory">Where holders are published.</param>
public sealed class ServiceEffects(ServiceDirectory directory) : IEffectPerformer<ServiceEffect>
{
    /// <inheritdoc/>
    public void Perform(in EntityId entityId, ServiceEffect effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        switch (effect)
        {
            case ServiceEffect.Reply reply:
                reply.To.Answer(reply.Answer);
                break;
            case ServiceEffect.Publish publish:
                directory.Publish(publish.ServiceId, publish.Holder);
                break;
            case ServiceEffect.Joined joined:
                joined.Connection.Joined(joined.Subscribed, joined.Epoch);
                break;
            case ServiceEffect.Ended ended:
                ended.Connection.Ended(ended.Counters);
                break;
            case ServiceEffect.Mail mail:
                mail.Holder.Mail(mail.RecipientId, mail.Lost);
                break;
            case ServiceEffect.NotifierMail mail:
                mail.Holder.NotifierMail(mail.RecipientId, mail.NotifierId);
                break;
            case ServiceEffect.Event told:
                told.Holder.Event(told.EntityId, told.Response, keep: false, long.MaxValue);
                break;
            default:
                throw new InvalidOperationException($"No performance for {effect.GetType().Name}.");
        }
    }
}
