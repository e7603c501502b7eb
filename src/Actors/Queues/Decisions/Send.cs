using System.Collections.Immutable;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// <c>SEND</c> (S-276 to S-283): stores the message, or the quota marker in place of the first message over the
/// quota. A waiting subscriber receives it from memory, before the sender's <c>OK</c> (S-268).
/// </summary>
internal static class Send
{
    public static QueueDecision Decide(QueueState state, QueueCommand.Client client, SendCommand send, DateTimeOffset now, QueueOptions options)
    {
        if (Refusal(state.Record, client, send) is var (refusal, counted))
        {
            return Outcome.Reply(state, client, refusal, counted);
        }

        QueueState prepared = Prepare(state, now, options, out ImmutableArray<QueueChange> changes);
        if (!prepared.IsWritable)
        {
            return Expired(state, prepared, Outcome.Of(prepared, changes, [Counts.SentQuota, new QueueEffect.Reply(client.ReplyTo, Answers.Quota)]));
        }

        bool overQuota = prepared.Messages.Length >= options.QuotaMessages;
        var header = new MessageHeader(
            prepared.NextSequence, client.Fresh.MessageId, now.ToUnixTimeSeconds(), send.Notify && !overQuota, overQuota);
        ReadOnlyMemory<byte> body = overQuota ? ReadOnlyMemory<byte>.Empty : send.Body;
        changes = changes.Add(new QueueChange.AddMessage(prepared.Record.RecipientId, header, body));
        QueueState stored = Delivering.Next(
            prepared with { Messages = prepared.Messages.Add(header) }, body, now, out QueueEffect.Deliver? delivery);

        var reply = new QueueEffect.Reply(client.ReplyTo, overQuota ? Answers.Quota : OkResponse.Instance);
        QueueEffect.Count count = overQuota ? Counts.SentQuota : Counts.OfSent(header.Notify);
        ImmutableArray<QueueEffect> effects = delivery is null ? [count, reply] : [count, delivery, reply];
        return Expired(state, prepared, header.Notify && stored.Record.Notifier is { } notifier
            ? Notifications.Add(stored, notifier, header, client.Fresh.NotificationNonce, changes, effects)
            : Outcome.Of(stored, changes, effects));
    }

    /// <summary>Counts what <see cref="Prepare"/> removed because of its age.</summary>
    private static QueueDecision Expired(QueueState before, QueueState prepared, in QueueDecision decision) =>
        prepared.Messages.Length == before.Messages.Length
            ? decision
            : decision with { Effects = decision.Effects.Insert(0, Expire.Counted(before.Messages.Length - prepared.Messages.Length)) };

    private static (ErrResponse Answer, QueueEffect.Count Counted)? Refusal(QueueRecord record, QueueCommand.Client client, SendCommand send)
    {
        if (send.Body.Length > SmpSizes.MaxBody(client.Version))
        {
            return (Answers.LargeMsg, Counts.SentLarge);
        }

        return record.Status switch
        {
            QueueStatus.OffStatus => (Answers.Auth, Counts.SentAuth),
            QueueStatus.Blocked blocked => (new ErrResponse(new BlockedError(blocked.Info)), Counts.SentBlock),
            _ => null,
        };
    }

    /// <summary>
    /// What a <c>SEND</c> removes before it adds: the link data of a secured queue that is not a contact
    /// address (S-278), and expired messages if the operator wants that (S-286).
    /// </summary>
    private static QueueState Prepare(QueueState state, DateTimeOffset now, QueueOptions options, out ImmutableArray<QueueChange> changes)
    {
        changes = [];
        if (state.Record is { Link: not null, SenderKey: not null, Mode: not QueueMode.Contact } linked)
        {
            state = state with { Record = linked.WithLink(null) };
            changes = [new QueueChange.Update(state.Record)];
        }

        return options.ExpireOnSendAfter is { } age
            ? Expire.Remove(state, (now - age).ToUnixTimeSeconds(), ref changes)
            : state;
    }
}
