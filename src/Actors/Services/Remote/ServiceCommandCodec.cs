using System.Collections.Immutable;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Services.Remote;

/// <summary>
/// Commands to services between nodes. After the byte of <see cref="ServiceCommandTag"/>:
/// <code>
/// Create       serviceId role(1) count(1) certificate(large)... fingerprint createdDay(4) usedDay(4)
/// Use          day(4)
/// Join         connection Bool(answered)
/// Subscribe    connection count(8) hash
/// Unsubscribe  connection
/// Leave        connection Bool(answered)
/// Renew        connection Bool(subscribed) epoch(8)
/// Mail         recipientId Maybe(reference)
/// NotifierMail recipientId notifierId
/// HolderEvent  entityId Maybe(reference) response(rest)
/// </code>
/// </summary>
internal sealed class ServiceCommandCodec(ConnectionReferences references)
{
    public static void Write(ref WireWriter writer, ServiceCommand command)
    {
        switch (command)
        {
            case ServiceCommand.Create create:
                Tag(ref writer, ServiceCommandTag.Create);
                WriteRecord(ref writer, create.Record);
                break;
            case ServiceCommand.Use use:
                Tag(ref writer, ServiceCommandTag.Use);
                writer.WriteUInt32((uint)use.Day);
                break;
            case ServiceCommand.Join join:
                WriteMember(ref writer, ServiceCommandTag.Join, join.Connection);
                writer.WriteBool(join.ReplyTo is not null);
                break;
            case ServiceCommand.Subscribe subscribe:
                WriteMember(ref writer, ServiceCommandTag.Subscribe, subscribe.Connection);
                writer.WriteInt64(subscribe.Counters.Count);
                writer.WriteId(subscribe.Counters.IdsHash);
                break;
            case ServiceCommand.Unsubscribe unsubscribe:
                WriteMember(ref writer, ServiceCommandTag.Unsubscribe, unsubscribe.Connection);
                break;
            case ServiceCommand.Leave leave:
                WriteMember(ref writer, ServiceCommandTag.Leave, leave.Connection);
                writer.WriteBool(leave.ReplyTo is not null);
                break;
            case ServiceCommand.Renew renew:
                WriteMember(ref writer, ServiceCommandTag.Renew, renew.Connection);
                writer.WriteBool(renew.Subscribed);
                writer.WriteInt64(renew.Epoch);
                break;
            default:
                WriteForHolder(ref writer, command);
                break;
        }
    }

    /// <summary>Null when the message cannot be read.</summary>
    public ServiceCommand? Read(ReadOnlySpan<byte> message, RemoteRequest request)
    {
        var reader = new WireReader(message);
        var tag = (ServiceCommandTag)reader.ReadByte();
        ServiceCommand? command = tag switch
        {
            ServiceCommandTag.Create => new ServiceCommand.Create(ReadRecord(ref reader), new RemoteServiceReply(request)),
            ServiceCommandTag.Use => new ServiceCommand.Use((int)reader.ReadUInt32(), new RemoteServiceReply(request)),
            ServiceCommandTag.Mail => new ServiceCommand.Mail(reader.ReadId(), references.ReadMaybe(ref reader, request.Path.Session.Peer)),
            ServiceCommandTag.NotifierMail => new ServiceCommand.NotifierMail(reader.ReadId(), reader.ReadId()),
            ServiceCommandTag.HolderEvent => ReadHolderEvent(ref reader, request),
            _ => ReadMember(tag, ref reader, request),
        };
        return reader.IsComplete ? command : null;
    }

    private ServiceCommand? ReadMember(ServiceCommandTag tag, ref WireReader reader, RemoteRequest request)
    {
        if (references.ReadConnection(ref reader, request.Path) is not IServiceSubscriber member)
        {
            return null;
        }

        return tag switch
        {
            ServiceCommandTag.Join => new ServiceCommand.Join(member, ReadReply(ref reader, request)),
            ServiceCommandTag.Subscribe => new ServiceCommand.Subscribe(
                member, new ServiceQueues(reader.ReadInt64(), reader.ReadId()), new RemoteServiceReply(request)),
            ServiceCommandTag.Unsubscribe => new ServiceCommand.Unsubscribe(member),
            ServiceCommandTag.Leave => new ServiceCommand.Leave(member, ReadReply(ref reader, request)),
            ServiceCommandTag.Renew => new ServiceCommand.Renew(
                member, reader.ReadBool(), reader.ReadInt64(), new RemoteServiceReply(request)),
            _ => null,
        };
    }

    private ServiceCommand.HolderEvent? ReadHolderEvent(ref WireReader reader, RemoteRequest request)
    {
        EntityId entityId = reader.ReadId();
        ISubscriber? cause = references.ReadMaybe(ref reader, request.Path.Session.Peer);
        return !reader.Failed && SmpResponseParser.TryParse(reader.ReadTail().ToArray(), SmpVersion.Current, out SmpResponse? response)
            ? new ServiceCommand.HolderEvent(entityId, response, cause)
            : null;
    }

    private static RemoteServiceReply? ReadReply(ref WireReader reader, RemoteRequest request) =>
        reader.ReadBool() ? new RemoteServiceReply(request) : null;

    private static void WriteForHolder(ref WireWriter writer, ServiceCommand command)
    {
        switch (command)
        {
            case ServiceCommand.Mail mail:
                Tag(ref writer, ServiceCommandTag.Mail);
                writer.WriteId(mail.RecipientId);
                ConnectionReferences.WriteMaybe(ref writer, mail.Lost);
                break;
            case ServiceCommand.NotifierMail mail:
                Tag(ref writer, ServiceCommandTag.NotifierMail);
                writer.WriteId(mail.RecipientId);
                writer.WriteId(mail.NotifierId);
                break;
            case ServiceCommand.HolderEvent told:
                Tag(ref writer, ServiceCommandTag.HolderEvent);
                writer.WriteId(told.EntityId);
                ConnectionReferences.WriteMaybe(ref writer, told.Cause);
                SmpResponseWriter.Write(ref writer, told.Response, SmpVersion.Current);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(command), command.GetType(), "This command stays on its node.");
        }
    }

    private static void Tag(ref WireWriter writer, ServiceCommandTag tag) => writer.WriteByte((byte)tag);

    private static void WriteMember(ref WireWriter writer, ServiceCommandTag tag, ISubscriber connection)
    {
        Tag(ref writer, tag);
        ConnectionReferences.WriteConnection(ref writer, connection);
    }

    private static void WriteRecord(ref WireWriter writer, ServiceRecord record)
    {
        writer.WriteId(record.ServiceId);
        writer.WriteByte((byte)record.Role);
        writer.WriteByte(checked((byte)record.Chain.Length));
        foreach (ReadOnlyMemory<byte> certificate in record.Chain)
        {
            writer.WriteLarge(certificate.Span);
        }

        writer.WriteId(record.Fingerprint);
        writer.WriteUInt32((uint)record.CreatedDay);
        writer.WriteUInt32((uint)record.LastUsedDay);
    }

    private static ServiceRecord ReadRecord(ref WireReader reader)
    {
        EntityId serviceId = reader.ReadId();
        var role = (ServiceRole)reader.ReadByte();
        if (!Enum.IsDefined(role))
        {
            reader.Fail();
        }

        int count = reader.ReadByte();
        var chain = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(count);
        while (chain.Count < count && !reader.Failed)
        {
            chain.Add(reader.ReadLarge().ToArray());
        }

        return new ServiceRecord
        {
            ServiceId = serviceId,
            Role = role,
            Chain = chain.DrainToImmutable(),
            Fingerprint = reader.ReadId(),
            CreatedDay = (int)reader.ReadUInt32(),
            LastUsedDay = (int)reader.ReadUInt32(),
        };
    }
}

/// <summary>The first byte of a command between nodes.</summary>
internal enum ServiceCommandTag : byte
{
    /// <summary><see cref="ServiceCommand.Create"/></summary>
    Create = 1,

    /// <summary><see cref="ServiceCommand.Use"/></summary>
    Use,

    /// <summary><see cref="ServiceCommand.Join"/></summary>
    Join,

    /// <summary><see cref="ServiceCommand.Subscribe"/></summary>
    Subscribe,

    /// <summary><see cref="ServiceCommand.Unsubscribe"/></summary>
    Unsubscribe,

    /// <summary><see cref="ServiceCommand.Leave"/></summary>
    Leave,

    /// <summary><see cref="ServiceCommand.Renew"/></summary>
    Renew,

    /// <summary><see cref="ServiceCommand.Mail"/></summary>
    Mail,

    /// <summary><see cref="ServiceCommand.NotifierMail"/></summary>
    NotifierMail,

    /// <summary><see cref="ServiceCommand.HolderEvent"/></summary>
    HolderEvent,
}
