using System.Collections.Immutable;
using SimplexActors.Actors.Connections;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Remote;

/// <summary>
/// Commands to queues between nodes. After the byte of <see cref="QueueCommandTag"/>:
/// <code>
/// GetKeys
/// Create                 record Maybe(link) Maybe(connection) IDS(rest)
/// Client                 entityId keysVersion(8) version(2) connection fresh Maybe(known) command(rest)
/// Disconnected           reference Bool(over) upTo(8)
/// AttachService          recipientId connection references Bool(answer) Bool(renewal)
/// AttachNotifier         notifierId connection references Bool(answer)
/// BodyUnavailable        reference messageId Bool(quarantined)
/// StoreNotification      notifierId notification Maybe(reference)
/// NotificationsDelivered notifierId
/// Expire                 olderThan(8)
/// Collect                day(4) suspendedDay(4) today(4)
/// Renew                  recipientId entityId connection known
/// Block                  status(short)
/// Unblock, Inspect, Remove
/// fresh                  messageId nonce Maybe(notifier key)
/// known                  use(1) epoch(8) Maybe(messageId)
/// references             count(1) reference...
/// </code>
/// Protocol commands and responses are written as the newest version of the protocol has them.
/// </summary>
internal static class QueueCommandWriter
{
    public static void Write(ref WireWriter writer, QueueCommand command)
    {
        switch (command)
        {
            case QueueCommand.Client client:
                WriteClient(ref writer, client);
                break;
            case QueueCommand.GetKeys:
                Tag(ref writer, QueueCommandTag.GetKeys);
                break;
            case QueueCommand.Create create:
                WriteCreate(ref writer, create);
                break;
            case QueueCommand.Disconnected disconnected:
                Tag(ref writer, QueueCommandTag.Disconnected);
                ConnectionReferences.Write(ref writer, disconnected.Subscriber);
                writer.WriteBool(disconnected.IsOver);
                writer.WriteInt64(disconnected.UpTo);
                break;
            case QueueCommand.Renew renew:
                Tag(ref writer, QueueCommandTag.Renew);
                writer.WriteId(renew.RecipientId);
                writer.WriteId(renew.EntityId);
                ConnectionReferences.WriteConnection(ref writer, renew.Subscriber);
                WriteKnown(ref writer, renew.Known);
                break;
            case QueueCommand.AttachService attach:
                Tag(ref writer, QueueCommandTag.AttachService);
                WriteAttach(ref writer, attach.RecipientId, attach.Connection, attach.Previous, attach.Answer);
                writer.WriteBool(attach.IsRenewal);
                break;
            case QueueCommand.AttachNotifier attach:
                Tag(ref writer, QueueCommandTag.AttachNotifier);
                WriteAttach(ref writer, attach.NotifierId, attach.Connection, attach.Previous, attach.Answer);
                break;
            default:
                WriteInternal(ref writer, command);
                break;
        }
    }

    private static void WriteInternal(ref WireWriter writer, QueueCommand command)
    {
        switch (command)
        {
            case QueueCommand.BodyUnavailable unavailable:
                Tag(ref writer, QueueCommandTag.BodyUnavailable);
                ConnectionReferences.Write(ref writer, unavailable.Subscriber);
                writer.WriteId(unavailable.MessageId);
                writer.WriteBool(unavailable.Quarantined);
                break;
            case QueueCommand.StoreNotification store:
                Tag(ref writer, QueueCommandTag.StoreNotification);
                writer.WriteId(store.NotifierId);
                DeliveryCodec.Write(ref writer, store.Notification);
                ConnectionReferences.WriteMaybe(ref writer, store.Gone);
                break;
            case QueueCommand.NotificationsDelivered delivered:
                Tag(ref writer, QueueCommandTag.NotificationsDelivered);
                writer.WriteId(delivered.NotifierId);
                break;
            case QueueCommand.Expire expire:
                Tag(ref writer, QueueCommandTag.Expire);
                writer.WriteInt64(expire.OlderThan);
                break;
            case QueueCommand.Collect collect:
                Tag(ref writer, QueueCommandTag.Collect);
                writer.WriteUInt32((uint)collect.Since.Day);
                writer.WriteUInt32((uint)collect.Since.SuspendedDay);
                writer.WriteUInt32((uint)collect.Today);
                break;
            case QueueCommand.Block block:
                Tag(ref writer, QueueCommandTag.Block);
                writer.WriteShort(System.Text.Encoding.UTF8.GetBytes(BlockingInfoText.Format(block.Info)));
                break;
            case QueueCommand.Unblock:
                Tag(ref writer, QueueCommandTag.Unblock);
                break;
            case QueueCommand.Inspect:
                Tag(ref writer, QueueCommandTag.Inspect);
                break;
            case QueueCommand.Remove:
                Tag(ref writer, QueueCommandTag.Remove);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(command), command.GetType(), "This command stays on its node.");
        }
    }

    private static void Tag(ref WireWriter writer, QueueCommandTag tag) => writer.WriteByte((byte)tag);

    private static void WriteClient(ref WireWriter writer, QueueCommand.Client client)
    {
        Tag(ref writer, QueueCommandTag.Client);
        writer.WriteId(client.EntityId);
        writer.WriteInt64(client.KeysVersion);
        writer.WriteUInt16(client.Version);
        ConnectionReferences.WriteConnection(ref writer, client.Subscriber);
        writer.WriteId(client.Fresh.MessageId);
        writer.WriteId(client.Fresh.NotificationNonce);
        writer.WriteMaybe(client.Fresh.Notifier is not null);
        if (client.Fresh.Notifier is { } notifier)
        {
            QueueRecordCodec.WriteNotifier(ref writer, notifier.Stored);
            writer.WriteShort(notifier.Answer.RouterDhKey.Spki);
        }

        writer.WriteMaybe(client.Known is not null);
        if (client.Known is { } known)
        {
            WriteKnown(ref writer, known);
        }

        SmpCommandWriter.Write(ref writer, client.Command, SmpVersion.Current);
    }

    private static void WriteKnown(ref WireWriter writer, KnownSubscription known)
    {
        writer.WriteByte((byte)known.Use);
        writer.WriteInt64(known.Epoch);
        QueueRecordCodec.WriteMaybeId(ref writer, known.Delivered);
    }

    private static void WriteCreate(ref WireWriter writer, QueueCommand.Create create)
    {
        Tag(ref writer, QueueCommandTag.Create);
        QueueRecordCodec.Write(ref writer, create.Record);
        writer.WriteMaybe(create.Link is not null);
        if (create.Link is { } link)
        {
            writer.WriteLarge(link.Fixed.Span);
            writer.WriteLarge(link.User.Span);
        }

        writer.WriteMaybe(create.Subscriber is not null);
        if (create.Subscriber is { } subscriber)
        {
            ConnectionReferences.WriteConnection(ref writer, subscriber);
        }

        SmpResponseWriter.Write(ref writer, create.Ids, SmpVersion.Current);
    }

    private static void WriteAttach(ref WireWriter writer, in EntityId id, ISubscriber connection, ImmutableArray<ISubscriber> previous, bool answer)
    {
        writer.WriteId(id);
        ConnectionReferences.WriteConnection(ref writer, connection);
        writer.WriteByte(checked((byte)Math.Min(previous.Length, byte.MaxValue)));
        foreach (ISubscriber lost in previous.Take(byte.MaxValue))
        {
            ConnectionReferences.Write(ref writer, lost);
        }

        writer.WriteBool(answer);
    }
}

/// <summary>The first byte of a command between nodes.</summary>
internal enum QueueCommandTag : byte
{
    /// <summary><see cref="QueueCommand.GetKeys"/></summary>
    GetKeys = 1,

    /// <summary><see cref="QueueCommand.Create"/></summary>
    Create,

    /// <summary><see cref="QueueCommand.Client"/></summary>
    Client,

    /// <summary><see cref="QueueCommand.Disconnected"/></summary>
    Disconnected,

    /// <summary><see cref="QueueCommand.AttachService"/></summary>
    AttachService,

    /// <summary><see cref="QueueCommand.AttachNotifier"/></summary>
    AttachNotifier,

    /// <summary><see cref="QueueCommand.BodyUnavailable"/></summary>
    BodyUnavailable,

    /// <summary><see cref="QueueCommand.StoreNotification"/></summary>
    StoreNotification,

    /// <summary><see cref="QueueCommand.NotificationsDelivered"/></summary>
    NotificationsDelivered,

    /// <summary><see cref="QueueCommand.Expire"/></summary>
    Expire,

    /// <summary><see cref="QueueCommand.Collect"/></summary>
    Collect,

    /// <summary><see cref="QueueCommand.Renew"/></summary>
    Renew,

    /// <summary><see cref="QueueCommand.Block"/></summary>
    Block,

    /// <summary><see cref="QueueCommand.Unblock"/></summary>
    Unblock,

    /// <summary><see cref="QueueCommand.Inspect"/></summary>
    Inspect,

    /// <summary><see cref="QueueCommand.Remove"/></summary>
    Remove,
}
