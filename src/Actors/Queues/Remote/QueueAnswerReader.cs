using SimplexActors.Actors.Connections;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Remote;

/// <summary>Gives the answer that <see cref="RemoteReply"/> sent to whoever waits for it on this node.</summary>
internal static class QueueAnswerReader
{
    /// <summary>False when the answer cannot be read or does not belong to the command.</summary>
    public static bool TryAnswer(QueueCommand command, ReadOnlySpan<byte> answer)
    {
        var reader = new WireReader(answer);
        var tag = (QueueAnswer)reader.ReadByte();
        return command switch
        {
            QueueCommand.Client client => TryAnswer(client.ReplyTo, tag, ref reader),
            QueueCommand.Create create => TryAnswer(create.ReplyTo, tag, ref reader),
            QueueCommand.GetKeys get => TryAnswer(get.ReplyTo, tag, ref reader),
            QueueCommand.Operator told => TryAnswer(told.ReplyTo, tag, ref reader),
            _ => false,
        };
    }

    private static bool TryAnswer(ReplyTo to, QueueAnswer tag, ref WireReader reader)
    {
        switch (tag)
        {
            case QueueAnswer.Stale:
                to.Target.Stale(to.Slot);
                return true;
            case QueueAnswer.Response when SmpResponseParser.TryParse(reader.ReadTail().ToArray(), SmpVersion.Current, out SmpResponse? response):
                to.Target.Decided(to.Slot);
                to.Target.Reply(to.Slot, response);
                return true;
            case QueueAnswer.Message when DeliveryCodec.ReadDelivery(ref reader) is { } delivery && reader.IsComplete:
                to.Target.Decided(to.Slot);
                to.Target.ReplyMessage(to.Slot, delivery);
                return true;
            case QueueAnswer.Link:
                (EntityId linkId, EntityId senderId) = (reader.ReadId(), reader.ReadId());
                if (!reader.IsComplete)
                {
                    return false;
                }

                to.Target.Decided(to.Slot);
                to.Target.ReplyLink(to.Slot, linkId, senderId);
                return true;
            default:
                return false;
        }
    }

    private static bool TryAnswer(IKeysReply to, QueueAnswer tag, ref WireReader reader)
    {
        switch (tag)
        {
            case QueueAnswer.Keys:
                QueueKeys keys = QueueRecordCodec.ReadKeySet(ref reader);
                if (!reader.IsComplete)
                {
                    return false;
                }

                to.Keys(keys);
                return true;
            case QueueAnswer.NoKeys:
                to.Keys(null);
                return true;
            case QueueAnswer.Failed:
                to.Failed();
                return true;
            default:
                return false;
        }
    }

    private static bool TryAnswer(IOperatorReply to, QueueAnswer tag, ref WireReader reader)
    {
        if (tag is QueueAnswer.Failed)
        {
            to.Failed();
            return true;
        }

        QueueRecord? before = reader.ReadMaybe() ? QueueRecordCodec.Read(ref reader) : null;
        QueueRecord? after = reader.ReadMaybe() ? QueueRecordCodec.Read(ref reader) : null;
        var messages = (int)reader.ReadUInt32();
        if (tag is not QueueAnswer.Operator || !reader.IsComplete)
        {
            return false;
        }

        to.Done(before, after, messages);
        return true;
    }
}
