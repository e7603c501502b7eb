using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>Writes commands as a client does (section 9 of the specification).</summary>
public static class SmpCommandWriter
{
    /// <summary>Writes tag and parameters.</summary>
    /// <param name="writer">Receives them.</param>
    /// <param name="command">The command.</param>
    /// <param name="version">Of the connection, or of the forwarded command.</param>
    /// <exception cref="ArgumentException">A field is longer than its encoding can say: a bug of the caller.</exception>
    public static void Write(ref WireWriter writer, SmpCommand command, ushort version)
    {
        switch (command)
        {
            case SendCommand send:
                writer.Write(send.Notify ? "SEND T "u8 : "SEND F "u8);
                writer.Write(send.Body.Span);
                break;
            case AckCommand ack:
                writer.Write("ACK "u8);
                writer.WriteId(ack.MessageId);
                break;
            case NewCommand create:
                NewCommandCodec.Write(ref writer, create, version);
                break;
            case SubsCommand subs:
                WriteService(ref writer, "SUBS"u8, subs.Expected, version);
                break;
            case NsubsCommand nsubs:
                WriteService(ref writer, "NSUBS"u8, nsubs.Expected, version);
                break;
            case PrxyCommand prxy:
                PrxyCommandCodec.Write(ref writer, prxy);
                break;
            case PfwdCommand pfwd:
                writer.Write("PFWD "u8);
                writer.WriteUInt16(pfwd.Version);
                writer.WriteShort(pfwd.CommandKey.Spki);
                writer.Write(pfwd.Encrypted.Span);
                break;
            case RfwdCommand rfwd:
                writer.Write("RFWD "u8);
                writer.Write(rfwd.Encrypted.Span);
                break;
            case RslvCommand rslv:
                writer.Write("RSLV "u8);
                writer.Write(System.Text.Encoding.ASCII.GetBytes(rslv.Domain));
                break;
            default:
                WriteQueueCommand(ref writer, command);
                break;
        }
    }

    private static void WriteQueueCommand(ref WireWriter writer, SmpCommand command)
    {
        switch (command)
        {
            case KeyCommand key:
                WriteKey(ref writer, "KEY "u8, key.SenderKey);
                break;
            case SkeyCommand skey:
                WriteKey(ref writer, "SKEY "u8, skey.SenderKey);
                break;
            case LkeyCommand lkey:
                WriteKey(ref writer, "LKEY "u8, lkey.SenderKey);
                break;
            case NkeyCommand nkey:
                WriteKey(ref writer, "NKEY "u8, nkey.NotifierKey);
                writer.WriteShort(nkey.DhKey.Spki);
                break;
            case RkeyCommand rkey:
                WriteRkey(ref writer, rkey);
                break;
            case LsetCommand lset:
                writer.Write("LSET "u8);
                writer.WriteId(lset.LinkId);
                ParameterWriter.WriteLinkData(ref writer, lset.Data);
                break;
            default:
                writer.Write(PlainTag(command.Tag));
                break;
        }
    }

    private static ReadOnlySpan<byte> PlainTag(SmpCommandTag tag) => tag switch
    {
        SmpCommandTag.SUB => "SUB"u8,
        SmpCommandTag.LDEL => "LDEL"u8,
        SmpCommandTag.NDEL => "NDEL"u8,
        SmpCommandTag.GET => "GET"u8,
        SmpCommandTag.OFF => "OFF"u8,
        SmpCommandTag.DEL => "DEL"u8,
        SmpCommandTag.QUE => "QUE"u8,
        SmpCommandTag.PING => "PING"u8,
        SmpCommandTag.LGET => "LGET"u8,
        SmpCommandTag.NSUB => "NSUB"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(tag), tag, null),
    };

    private static void WriteKey(ref WireWriter writer, ReadOnlySpan<byte> tag, PublicKey key)
    {
        writer.Write(tag);
        writer.WriteShort(key.Spki);
    }

    private static void WriteRkey(ref WireWriter writer, RkeyCommand rkey)
    {
        if (rkey.RecipientKeys.Length is 0 or > byte.MaxValue)
        {
            throw new ArgumentException($"A queue has 1 to 255 recipient keys, not {rkey.RecipientKeys.Length}.", nameof(rkey));
        }

        writer.Write("RKEY "u8);
        writer.WriteByte((byte)rkey.RecipientKeys.Length);
        foreach (PublicKey key in rkey.RecipientKeys)
        {
            writer.WriteShort(key.Spki);
        }
    }

    private static void WriteService(ref WireWriter writer, ReadOnlySpan<byte> tag, ServiceQueues queues, ushort version)
    {
        writer.Write(tag);
        if (version >= SmpVersion.ServiceQueues)
        {
            writer.WriteByte((byte)' ');
            ParameterWriter.WriteServiceQueues(ref writer, queues);
        }
    }
}
