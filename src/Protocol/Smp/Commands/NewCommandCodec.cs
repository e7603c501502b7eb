using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>
/// The parameters of <c>NEW</c>, the command that changed most (S-145, S-171 to S-175):
/// <code>
/// v6-8:   key dhKey [A password] subMode
/// v9-14:  key dhKey Maybe(password) subMode Bool(sender can secure)
/// v15-16: key dhKey Maybe(password) subMode Maybe(queue request)
/// v17-:   key dhKey Maybe(password) subMode Maybe(queue request) Maybe(notifier key, notifier dhKey)
/// queue request = M Maybe(senderId link data) | C Maybe(linkId senderId link data)
/// </code>
/// </summary>
internal static class NewCommandCodec
{
    private const byte PasswordFollows = (byte)'A';
    private const byte Subscribe = (byte)'S';
    private const byte OnlyCreate = (byte)'C';

    public static NewCommand Read(ref ParameterReader reader, ushort version)
    {
        var recipientKey = reader.ReadAuthKey();
        var recipientDhKey = reader.ReadDhKey();
        string? password = ReadPassword(ref reader, version);
        bool subscribe = reader.ReadChoice(Subscribe, OnlyCreate);
        (QueueMode? mode, NewQueueLink? link) = ReadRequest(ref reader, version);
        NewNotifier? notifier = version >= SmpVersion.NewQueueNotifier && reader.Wire.ReadMaybe()
            ? new NewNotifier(reader.ReadAuthKey(), reader.ReadDhKey())
            : null;
        return new NewCommand(recipientKey, recipientDhKey, password, subscribe, mode, link, notifier);
    }

    public static void Write(ref WireWriter writer, NewCommand command, ushort version)
    {
        writer.Write("NEW "u8);
        writer.WriteShort(command.RecipientKey.Spki);
        writer.WriteShort(command.RecipientDhKey.Spki);
        WritePassword(ref writer, command.BasicAuth, version);
        writer.WriteByte(command.Subscribe ? Subscribe : OnlyCreate);
        WriteRequest(ref writer, command, version);
        if (version >= SmpVersion.NewQueueNotifier)
        {
            writer.WriteMaybe(command.Notifier is not null);
            if (command.Notifier is { } notifier)
            {
                writer.WriteShort(notifier.NotifierKey.Spki);
                writer.WriteShort(notifier.DhKey.Spki);
            }
        }
    }

    private static string? ReadPassword(ref ParameterReader reader, ushort version)
    {
        if (version >= SmpVersion.SenderKeys)
        {
            return reader.Wire.ReadMaybe() ? reader.ReadBasicAuth() : null;
        }

        if (reader.Wire.Peek() != PasswordFollows)
        {
            return null;
        }

        reader.Wire.Expect(PasswordFollows);
        return reader.ReadBasicAuth();
    }

    private static void WritePassword(ref WireWriter writer, string? password, ushort version)
    {
        if (version >= SmpVersion.SenderKeys)
        {
            ParameterWriter.WriteMaybeBasicAuth(ref writer, password);
        }
        else if (password is not null)
        {
            writer.WriteByte(PasswordFollows);
            ParameterWriter.WriteBasicAuth(ref writer, password);
        }
    }

    private static (QueueMode? Mode, NewQueueLink? Link) ReadRequest(ref ParameterReader reader, ushort version)
    {
        if (version < SmpVersion.SenderKeys)
        {
            return default;
        }

        if (version < SmpVersion.ShortLinks)
        {
            return (reader.Wire.ReadBool() ? QueueMode.Messaging : QueueMode.Contact, null);
        }

        if (!reader.Wire.ReadMaybe())
        {
            return default;
        }

        QueueMode mode = reader.ReadMode();
        if (!reader.Wire.ReadMaybe())
        {
            return (mode, null);
        }

        EntityId? linkId = mode is QueueMode.Contact ? reader.Wire.ReadId() : null;
        return (mode, new NewQueueLink(linkId, reader.Wire.ReadId(), reader.ReadLinkData()));
    }

    private static void WriteRequest(ref WireWriter writer, NewCommand command, ushort version)
    {
        if (version < SmpVersion.SenderKeys)
        {
            return;
        }

        if (version < SmpVersion.ShortLinks)
        {
            writer.WriteBool(command.Mode is QueueMode.Messaging);
            return;
        }

        writer.WriteMaybe(command.Mode is not null);
        if (command.Mode is not { } mode)
        {
            return;
        }

        writer.WriteByte((byte)mode);
        writer.WriteMaybe(command.Link is not null);
        if (command.Link is { } link)
        {
            WriteLink(ref writer, mode, link);
        }
    }

    private static void WriteLink(ref WireWriter writer, QueueMode mode, NewQueueLink link)
    {
        if (mode is QueueMode.Contact)
        {
            writer.WriteId(link.LinkId ?? throw new ArgumentException("The link of a contact queue has an id.", nameof(link)));
        }

        writer.WriteId(link.SenderId);
        ParameterWriter.WriteLinkData(ref writer, link.Data);
    }
}
