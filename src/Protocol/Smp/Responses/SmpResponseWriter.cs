using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Protocol.Smp.Responses;

/// <summary>
/// Writes responses and events as a router does (section 10 of the specification). The version is that of the
/// connection or of the forwarded command, so one event may differ per subscriber (S-208).
/// </summary>
public static class SmpResponseWriter
{
    /// <summary>Writes tag and parameters.</summary>
    /// <exception cref="ArgumentException">A field is longer than its encoding can say: a bug of the caller.</exception>
    public static void Write(ref WireWriter writer, SmpResponse response, ushort version)
    {
        switch (response)
        {
            case OkResponse:
                writer.Write("OK"u8);
                break;
            case MsgResponse msg:
                WriteMessageHead(ref writer, msg.MessageId);
                writer.Write(msg.Encrypted.Span);
                break;
            case SokResponse sok:
                WriteSok(ref writer, sok, version);
                break;
            case ErrResponse err:
                writer.Write("ERR "u8);
                SmpErrorWriter.Write(ref writer, SmpErrorWriter.ForVersion(err.Error, version));
                break;
            case NmsgResponse nmsg:
                WriteNmsg(ref writer, nmsg);
                break;
            case PongResponse:
                writer.Write("PONG"u8);
                break;
            case EndResponse:
                writer.Write("END"u8);
                break;
            case DeldResponse:
                writer.Write(version >= SmpVersion.DeletedEvent ? "DELD"u8 : "END"u8);
                break;
            case PresResponse pres:
                writer.Write("PRES "u8);
                writer.Write(pres.Encrypted.Span);
                break;
            case RresResponse rres:
                WriteRresHead(ref writer);
                writer.Write(rres.Encrypted.Span);
                break;
            default:
                WriteRare(ref writer, response, version);
                break;
        }
    }

    /// <summary>Writes all of <c>MSG</c> but its encrypted body, for a router that encrypts it in place (S-192).</summary>
    public static void WriteMessageHead(ref WireWriter writer, in EntityId messageId)
    {
        writer.Write("MSG "u8);
        writer.WriteId(messageId);
    }

    /// <summary>Writes all of <c>RRES</c> but its encrypted part, for a relay that encrypts it in place (S-197).</summary>
    public static void WriteRresHead(ref WireWriter writer) => writer.Write("RRES "u8);

    private static void WriteRare(ref WireWriter writer, SmpResponse response, ushort version)
    {
        switch (response)
        {
            case IdsResponse ids:
                IdsResponseCodec.Write(ref writer, ids, version);
                break;
            case LnkResponse lnk:
                writer.Write("LNK "u8);
                writer.WriteId(lnk.SenderId);
                ParameterWriter.WriteLinkData(ref writer, lnk.Data);
                break;
            case NidResponse nid:
                writer.Write("NID "u8);
                IdsResponseCodec.WriteNotifier(ref writer, nid.Notifier);
                break;
            case InfoResponse info:
                writer.Write("INFO "u8);
                writer.Write(info.Json.Span);
                break;
            case SoksResponse soks:
                WriteService(ref writer, "SOKS "u8, soks.Stored, version);
                break;
            case EndsResponse ends:
                WriteService(ref writer, "ENDS "u8, ends.Ended, version);
                break;
            case AllsResponse:
                writer.Write("ALLS"u8);
                break;
            case PkeyResponse pkey:
                PkeyResponseCodec.Write(ref writer, pkey);
                break;
            case RnameResponse rname:
                writer.Write("RNAME "u8);
                writer.Write(rname.Json.Span);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(response), response.GetType(), null);
        }
    }

    private static void WriteSok(ref WireWriter writer, SokResponse sok, ushort version)
    {
        if (version < SmpVersion.ClientServices)
        {
            writer.Write("OK"u8);
        }
        else if (sok.ServiceId is { } serviceId)
        {
            writer.Write("SOK 1"u8);
            writer.WriteId(serviceId);
        }
        else
        {
            writer.Write("SOK 0"u8);
        }
    }

    private static void WriteNmsg(ref WireWriter writer, NmsgResponse nmsg)
    {
        if (nmsg.Nonce.Length != SmpSizes.NonceBytes)
        {
            throw new ArgumentException($"A nonce has {SmpSizes.NonceBytes} bytes, not {nmsg.Nonce.Length}.", nameof(nmsg));
        }

        writer.Write("NMSG "u8);
        writer.Write(nmsg.Nonce.Span);
        writer.WriteShort(nmsg.EncryptedMeta.Span);
    }

    private static void WriteService(ref WireWriter writer, ReadOnlySpan<byte> tag, ServiceQueues queues, ushort version)
    {
        writer.Write(tag);
        if (version >= SmpVersion.ServiceQueues)
        {
            ParameterWriter.WriteServiceQueues(ref writer, queues);
        }
        else
        {
            writer.WriteInt64(queues.Count);
        }
    }
}
