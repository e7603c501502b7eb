using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Responses;

/// <summary>
/// The parameters of <c>IDS</c> (S-188); versions add to the end:
/// <code>
/// v6-8:  recipientId senderId dhKey
/// v9-14: ... Bool(messaging)
/// v15:   ... Maybe(mode) Maybe(linkId)
/// v16:   ... Maybe(mode) Maybe(linkId) Maybe(serviceId)
/// v17-:  ... Maybe(mode) Maybe(linkId) Maybe(serviceId) Maybe(notifierId dhKey)
/// </code>
/// </summary>
internal static class IdsResponseCodec
{
    public static IdsResponse Read(ref ParameterReader reader, ushort version)
    {
        EntityId recipientId = reader.Wire.ReadId();
        EntityId senderId = reader.Wire.ReadId();
        var dhKey = reader.ReadDhKey();
        QueueMode? mode = ReadMode(ref reader, version);
        EntityId? linkId = version >= SmpVersion.ShortLinks ? reader.ReadMaybeId() : null;
        EntityId? serviceId = version >= SmpVersion.ClientServices ? reader.ReadMaybeId() : null;
        NotifierIds? notifier = version >= SmpVersion.NewQueueNotifier && reader.Wire.ReadMaybe() ? ReadNotifier(ref reader) : null;
        return new IdsResponse(recipientId, senderId, dhKey, mode, linkId, serviceId, notifier);
    }

    public static NotifierIds ReadNotifier(ref ParameterReader reader) => new(reader.Wire.ReadId(), reader.ReadDhKey());

    public static void Write(ref WireWriter writer, IdsResponse ids, ushort version)
    {
        writer.Write("IDS "u8);
        writer.WriteId(ids.RecipientId);
        writer.WriteId(ids.SenderId);
        writer.WriteShort(ids.RouterDhKey.Spki);
        WriteMode(ref writer, ids.Mode, version);
        if (version >= SmpVersion.ShortLinks)
        {
            ParameterWriter.WriteMaybeId(ref writer, ids.LinkId);
        }

        if (version >= SmpVersion.ClientServices)
        {
            ParameterWriter.WriteMaybeId(ref writer, ids.ServiceId);
        }

        if (version >= SmpVersion.NewQueueNotifier)
        {
            writer.WriteMaybe(ids.Notifier is not null);
            if (ids.Notifier is { } notifier)
            {
                WriteNotifier(ref writer, notifier);
            }
        }
    }

    public static void WriteNotifier(ref WireWriter writer, NotifierIds notifier)
    {
        writer.WriteId(notifier.NotifierId);
        writer.WriteShort(notifier.RouterDhKey.Spki);
    }

    private static QueueMode? ReadMode(ref ParameterReader reader, ushort version) => version switch
    {
        >= SmpVersion.ShortLinks => reader.Wire.ReadMaybe() ? reader.ReadMode() : null,
        >= SmpVersion.SenderKeys => reader.Wire.ReadBool() ? QueueMode.Messaging : QueueMode.Contact,
        _ => null,
    };

    private static void WriteMode(ref WireWriter writer, QueueMode? mode, ushort version)
    {
        if (version >= SmpVersion.ShortLinks)
        {
            writer.WriteMaybe(mode is not null);
            if (mode is { } known)
            {
                writer.WriteByte((byte)known);
            }
        }
        else if (version >= SmpVersion.SenderKeys)
        {
            writer.WriteBool(mode is QueueMode.Messaging);
        }
    }
}
