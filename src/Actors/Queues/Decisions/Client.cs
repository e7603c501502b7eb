using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Decisions;

/// <summary>
/// What every client command goes through before its own rules: the queue exists, the keys that authorised
/// the command are still its keys, the id still names it, it is not blocked (S-246), and its day of last use
/// is today (S-247).
/// </summary>
internal static class Client
{
    public static QueueDecision Decide(QueueState? state, QueueCommand.Client client, DateTimeOffset now, QueueOptions options)
    {
        if (state is null)
        {
            return Outcome.Auth(null, client);
        }

        QueueRecord record = state.Record;
        if (client.KeysVersion != record.KeysVersion)
        {
            return Outcome.Of(state, [new QueueEffect.ReplyStale(client.ReplyTo)]);
        }

        SmpCommandTag tag = client.Command.Tag;
        if (!Names(client.EntityId, tag, record))
        {
            return Outcome.Auth(state, client);
        }

        if (tag is SmpCommandTag.OFF or SmpCommandTag.DEL or SmpCommandTag.NSUB)
        {
            return Run(state, client, now, options);
        }

        if (record.Status is QueueStatus.Blocked blocked && tag is not SmpCommandTag.SEND)
        {
            return Outcome.Reply(state, client, new ErrResponse(new BlockedError(blocked.Info)));
        }

        int today = QueueRecord.DayOf(now);
        return record.UpdatedDay == today
            ? Run(state, client, now, options)
            : StoringDay(Run(state with { Record = record with { UpdatedDay = today } }, client, now, options));
    }

    /// <summary>Whether the id that the client used is the queue's id of the kind that the command takes (S-184).</summary>
    private static bool Names(in EntityId entityId, SmpCommandTag tag, QueueRecord record) => tag switch
    {
        SmpCommandTag.SEND or SmpCommandTag.SKEY => entityId == record.SenderId,
        SmpCommandTag.LKEY or SmpCommandTag.LGET => record.Link is { } link && entityId == link.LinkId,
        SmpCommandTag.NSUB => record.Notifier is { } notifier && entityId == notifier.NotifierId,
        _ => entityId == record.RecipientId,
    };

    /// <summary>Adds the new day to a decision that does not store the record anyway.</summary>
    private static QueueDecision StoringDay(in QueueDecision decision)
    {
        foreach (QueueChange change in decision.Changes)
        {
            if (change is QueueChange.Update)
            {
                return decision;
            }
        }

        return decision with { Changes = decision.Changes.Insert(0, new QueueChange.Update(decision.State!.Record)) };
    }

    private static QueueDecision Run(QueueState state, QueueCommand.Client client, DateTimeOffset now, QueueOptions options) => client.Command switch
    {
        SendCommand send => Send.Decide(state, client, send, now, options),
        AckCommand ack => Ack.Decide(state, client, ack, now),
        SubCommand => Sub.Decide(state, client, now),
        GetCommand => Get.Decide(state, client, now),
        KeyCommand key => Key.Decide(state, client, key),
        SkeyCommand skey => Key.Decide(state, client, skey),
        LkeyCommand lkey => Key.Decide(state, client, lkey),
        LgetCommand => Lget.Decide(state, client),
        RkeyCommand rkey => Rkey.Decide(state, client, rkey),
        LsetCommand lset => Lset.Decide(state, client, lset),
        LdelCommand => Ldel.Decide(state, client),
        NkeyCommand => Nkey.Decide(state, client),
        NdelCommand => Ndel.Decide(state, client),
        NsubCommand => Nsub.Decide(state, client),
        OffCommand => Off.Decide(state, client),
        DelCommand => Del.Decide(state, client),
        QueCommand => Que.Decide(state, client),
        _ => throw new InvalidOperationException($"{client.Command.Tag} is not a command for a queue."),
    };
}
