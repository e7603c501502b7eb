using System.Collections.Immutable;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Remote;

/// <summary>Reads what <see cref="QueueCommandWriter"/> wrote, with stand-ins for connections and reply targets.</summary>
internal sealed class QueueCommandReader(ConnectionReferences references)
{
    /// <summary>Null when the message cannot be read.</summary>
    public QueueCommand? Read(ReadOnlySpan<byte> message, RemoteRequest request)
    {
        var reader = new WireReader(message);
        var tag = (QueueCommandTag)reader.ReadByte();
        QueueCommand? command = tag switch
        {
            QueueCommandTag.Client => ReadClient(ref reader, request),
            QueueCommandTag.GetKeys => new QueueCommand.GetKeys(new RemoteReply(request)),
            QueueCommandTag.Create => ReadCreate(ref reader, request),
            QueueCommandTag.AttachService => ReadAttachService(ref reader, request.Path),
            QueueCommandTag.AttachNotifier => ReadAttachNotifier(ref reader, request.Path),
            QueueCommandTag.Renew => ReadRenew(ref reader, request.Path),
            QueueCommandTag.Block => BlockingInfoText.TryParse(reader.ReadShort(), out BlockingInfo? info)
                ? new QueueCommand.Block(info, new RemoteReply(request))
                : null,
            QueueCommandTag.Unblock => new QueueCommand.Unblock(new RemoteReply(request)),
            QueueCommandTag.Inspect => new QueueCommand.Inspect(new RemoteReply(request)),
            QueueCommandTag.Remove => new QueueCommand.Remove(new RemoteReply(request)),
            _ => ReadUnanswered(tag, ref reader, request.Path),
        };
        return reader.IsComplete ? command : null;
    }

    private QueueCommand? ReadUnanswered(QueueCommandTag tag, ref WireReader reader, ReturnPath path) => tag switch
    {
        QueueCommandTag.Disconnected => new QueueCommand.Disconnected(references.Read(ref reader, path.Session.Peer), reader.ReadBool())
        {
            UpTo = reader.ReadInt64(),
        },
        QueueCommandTag.BodyUnavailable => new QueueCommand.BodyUnavailable(
            references.Read(ref reader, path.Session.Peer), reader.ReadId(), reader.ReadBool()),
        QueueCommandTag.StoreNotification => new QueueCommand.StoreNotification(
            reader.ReadId(), DeliveryCodec.ReadNotification(ref reader), references.ReadMaybe(ref reader, path.Session.Peer)),
        QueueCommandTag.NotificationsDelivered => new QueueCommand.NotificationsDelivered(reader.ReadId()),
        QueueCommandTag.Expire => new QueueCommand.Expire(reader.ReadInt64()),
        QueueCommandTag.Collect => new QueueCommand.Collect(
            new UnusedSince((int)reader.ReadUInt32(), (int)reader.ReadUInt32()), (int)reader.ReadUInt32()),
        _ => null,
    };

    private QueueCommand.Client? ReadClient(ref WireReader reader, RemoteRequest request)
    {
        EntityId entityId = reader.ReadId();
        long keysVersion = reader.ReadInt64();
        ushort version = reader.ReadUInt16();
        ISubscriber connection = references.ReadConnection(ref reader, request.Path);
        FreshValues fresh = ReadFresh(ref reader);
        KnownSubscription? known = reader.ReadMaybe() ? ReadKnown(ref reader) : null;
        if (reader.Failed
            || !SmpCommandParser.TryParse(reader.ReadTail().ToArray(), SmpVersion.Current, out SmpCommand? command, out SmpError? _))
        {
            return null;
        }

        return new QueueCommand.Client(entityId, command, keysVersion, version, connection, new ReplyTo(new RemoteReply(request), 0), fresh)
        {
            Known = known,
        };
    }

    private static FreshValues ReadFresh(ref WireReader reader)
    {
        (EntityId messageId, EntityId nonce) = (reader.ReadId(), reader.ReadId());
        if (!reader.ReadMaybe())
        {
            return messageId.IsEmpty ? FreshValues.None : new FreshValues(messageId, nonce);
        }

        QueueNotifier stored = QueueRecordCodec.ReadNotifier(ref reader);
        return new FreshValues(messageId, nonce, new FreshNotifier(stored, new NotifierIds(stored.NotifierId, QueueRecordCodec.ReadKey(ref reader))));
    }

    private QueueCommand.Create? ReadCreate(ref WireReader reader, RemoteRequest request)
    {
        QueueRecord? record = QueueRecordCodec.Read(ref reader);
        LinkData? link = reader.ReadMaybe() ? new LinkData(reader.ReadLarge().ToArray(), reader.ReadLarge().ToArray()) : null;
        ISubscriber? subscriber = reader.ReadMaybe() ? references.ReadConnection(ref reader, request.Path) : null;
        return record is not null && !reader.Failed
            && SmpResponseParser.TryParse(reader.ReadTail().ToArray(), SmpVersion.Current, out SmpResponse? response)
            && response is IdsResponse ids
            ? new QueueCommand.Create(record, link, subscriber, new ReplyTo(new RemoteReply(request), 0), ids)
            : null;
    }

    private QueueCommand.AttachService? ReadAttachService(ref WireReader reader, ReturnPath path)
    {
        (EntityId id, IServiceSubscriber? connection, ImmutableArray<ISubscriber> previous, bool answer) = ReadAttach(ref reader, path);
        bool isRenewal = reader.ReadBool();
        return connection is null ? null : new QueueCommand.AttachService(id, connection, previous, answer) { IsRenewal = isRenewal };
    }

    private QueueCommand.AttachNotifier? ReadAttachNotifier(ref WireReader reader, ReturnPath path)
    {
        (EntityId id, IServiceSubscriber? connection, ImmutableArray<ISubscriber> previous, bool answer) = ReadAttach(ref reader, path);
        return connection is null ? null : new QueueCommand.AttachNotifier(id, connection, previous, answer);
    }

    private (EntityId Id, IServiceSubscriber? Connection, ImmutableArray<ISubscriber> Previous, bool Answer) ReadAttach(ref WireReader reader, ReturnPath path)
    {
        EntityId id = reader.ReadId();
        var connection = references.ReadConnection(ref reader, path) as IServiceSubscriber;
        int count = reader.ReadByte();
        var previous = ImmutableArray.CreateBuilder<ISubscriber>(count);
        while (previous.Count < count && !reader.Failed)
        {
            previous.Add(references.Read(ref reader, path.Session.Peer));
        }

        return (id, connection, previous.DrainToImmutable(), reader.ReadBool());
    }

    private QueueCommand.Renew ReadRenew(ref WireReader reader, ReturnPath path) =>
        new(reader.ReadId(), reader.ReadId(), references.ReadConnection(ref reader, path), ReadKnown(ref reader));

    private static KnownSubscription ReadKnown(ref WireReader reader)
    {
        var use = (RenewedUse)reader.ReadByte();
        if (!Enum.IsDefined(use))
        {
            reader.Fail();
        }

        return new KnownSubscription(use, reader.ReadInt64(), QueueRecordCodec.ReadMaybeId(ref reader));
    }
}
