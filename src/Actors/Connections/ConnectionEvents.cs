using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Connections;

/// <summary>What a connection of another node is told.</summary>
internal enum ConnectionEvent : byte
{
    /// <summary><see cref="ISubscriber.Deliver"/></summary>
    Deliver = 1,

    /// <summary><see cref="ISubscriber.Notify"/></summary>
    Notify,

    /// <summary><see cref="ISubscriber.NotifyStored"/></summary>
    NotifyStored,

    /// <summary><see cref="ISubscriber.Event"/></summary>
    Event,

    /// <summary><see cref="ISubscriber.Subscribed"/></summary>
    Subscribed,

    /// <summary><see cref="ISubscriber.Remembered"/></summary>
    Remembered,

    /// <summary><see cref="IServiceSubscriber.Joined"/></summary>
    Joined,

    /// <summary><see cref="IServiceSubscriber.Ended"/></summary>
    Ended,

    /// <summary><see cref="IServiceSubscriber.Mail"/></summary>
    Mail,

    /// <summary><see cref="IServiceSubscriber.NotifierMail"/></summary>
    NotifierMail,

    /// <summary><see cref="IServiceSubscriber.Attached"/></summary>
    Attached,

    /// <summary><see cref="IServiceSubscriber.AttachAnswered"/></summary>
    AttachAnswered,

    /// <summary><see cref="IServiceSubscriber.Taken"/></summary>
    Taken,

    /// <summary><see cref="ISubscriber.Renewed"/></summary>
    Renewed,
}

/// <summary>
/// Writes what a stand-in is told, and tells it to the connection on its own node. After the byte of the event:
/// <code>
/// Deliver                                delivery
/// Notify                                 recipientId notifierId notification
/// NotifyStored, NotifierMail             recipientId notifierId
/// Event                                  entityId Bool(keep) epoch(8) response
/// Subscribed, Attached                   recipientId entityId epoch(8)
/// Remembered                             recipientId ""
/// Joined                                 Bool(subscribed) epoch(8)
/// Ended                                  Maybe(count(8) hash)
/// Mail                                   recipientId Maybe(reference)
/// AttachAnswered                         entityId Bool(failed)
/// Taken                                  entityId ""
/// Renewed                                recipientId use(1) entityId epoch(8) Bool(failed)
/// </code>
/// </summary>
internal static class ConnectionEvents
{
    public static void WriteDeliver(ref WireWriter writer, Delivery delivery)
    {
        writer.WriteByte((byte)ConnectionEvent.Deliver);
        DeliveryCodec.Write(ref writer, delivery);
    }

    public static void WriteNotify(ref WireWriter writer, (EntityId RecipientId, EntityId NotifierId, StoredNotification Notification) value)
    {
        WriteIds(ref writer, (ConnectionEvent.Notify, value.RecipientId, value.NotifierId));
        DeliveryCodec.Write(ref writer, value.Notification);
    }

    public static void WriteEvent(ref WireWriter writer, (EntityId EntityId, SmpResponse Response, bool Keep, long Epoch) value)
    {
        writer.WriteByte((byte)ConnectionEvent.Event);
        writer.WriteId(value.EntityId);
        writer.WriteBool(value.Keep);
        writer.WriteInt64(value.Epoch);
        SmpResponseWriter.Write(ref writer, value.Response, SmpVersion.Current);
    }

    public static void WriteIds(ref WireWriter writer, (ConnectionEvent Event, EntityId First, EntityId Second) value)
    {
        writer.WriteByte((byte)value.Event);
        writer.WriteId(value.First);
        writer.WriteId(value.Second);
    }

    public static void WriteEpoch(ref WireWriter writer, (ConnectionEvent Event, EntityId RecipientId, EntityId EntityId, long Epoch) value)
    {
        WriteIds(ref writer, (value.Event, value.RecipientId, value.EntityId));
        writer.WriteInt64(value.Epoch);
    }

    public static void WriteRenewed(
        ref WireWriter writer, (RenewedUse Use, EntityId RecipientId, EntityId EntityId, long Epoch, bool Failed) value)
    {
        writer.WriteByte((byte)ConnectionEvent.Renewed);
        writer.WriteId(value.RecipientId);
        writer.WriteByte((byte)value.Use);
        writer.WriteId(value.EntityId);
        writer.WriteInt64(value.Epoch);
        writer.WriteBool(value.Failed);
    }

    public static void WriteJoined(ref WireWriter writer, (bool Subscribed, long Epoch) value)
    {
        writer.WriteByte((byte)ConnectionEvent.Joined);
        writer.WriteBool(value.Subscribed);
        writer.WriteInt64(value.Epoch);
    }

    public static void WriteEnded(ref WireWriter writer, ServiceQueues? counters)
    {
        writer.WriteByte((byte)ConnectionEvent.Ended);
        writer.WriteMaybe(counters is not null);
        if (counters is not null)
        {
            writer.WriteInt64(counters.Count);
            writer.WriteId(counters.IdsHash);
        }
    }

    public static void WriteMail(ref WireWriter writer, (EntityId RecipientId, ISubscriber? Lost) value)
    {
        writer.WriteByte((byte)ConnectionEvent.Mail);
        writer.WriteId(value.RecipientId);
        ConnectionReferences.WriteMaybe(ref writer, value.Lost);
    }

    public static void WriteAttachAnswered(ref WireWriter writer, (EntityId EntityId, bool Failed) value)
    {
        writer.WriteByte((byte)ConnectionEvent.AttachAnswered);
        writer.WriteId(value.EntityId);
        writer.WriteBool(value.Failed);
    }

    /// <summary>Tells a connection of this node what the message says.</summary>
    /// <param name="message">The message.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="references">Finds other connections that the message names.</param>
    /// <returns>False when the message cannot be read.</returns>
    public static bool TryTell(ReadOnlySpan<byte> message, ISubscriber connection, NodeNumber sender, ConnectionReferences references)
    {
        var reader = new WireReader(message);
        var type = (ConnectionEvent)reader.ReadByte();
        return type switch
        {
            ConnectionEvent.Deliver => TryTellDelivery(ref reader, connection),
            ConnectionEvent.Notify => TryTellNotification(ref reader, connection),
            ConnectionEvent.Event => TryTellEvent(ref reader, connection),
            ConnectionEvent.Renewed => TryTellRenewal(ref reader, connection),
            _ when connection is IServiceSubscriber member && TryTellService(type, ref reader, member, sender, references) => true,
            _ => TryTellIds(type, ref reader, connection),
        };
    }

    /// <summary>The queue that a message is about; null when it names none or cannot be read.</summary>
    public static EntityId? QueueOf(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var type = (ConnectionEvent)reader.ReadByte();
        bool namesQueue = type is ConnectionEvent.Deliver or ConnectionEvent.Notify or ConnectionEvent.NotifyStored or ConnectionEvent.Subscribed
            or ConnectionEvent.Remembered or ConnectionEvent.Renewed or ConnectionEvent.Mail or ConnectionEvent.NotifierMail or ConnectionEvent.Attached;
        EntityId id = reader.ReadId();
        return namesQueue && !reader.Failed ? id : null;
    }

    private static bool TryTellDelivery(ref WireReader reader, ISubscriber connection)
    {
        Delivery? delivery = DeliveryCodec.ReadDelivery(ref reader);
        if (delivery is null || !reader.IsComplete)
        {
            return false;
        }

        connection.Deliver(delivery);
        return true;
    }

    private static bool TryTellNotification(ref WireReader reader, ISubscriber connection)
    {
        (EntityId recipientId, EntityId notifierId) = (reader.ReadId(), reader.ReadId());
        StoredNotification notification = DeliveryCodec.ReadNotification(ref reader);
        if (!reader.IsComplete)
        {
            return false;
        }

        connection.Notify(recipientId, notifierId, notification);
        return true;
    }

    private static bool TryTellEvent(ref WireReader reader, ISubscriber connection)
    {
        EntityId entityId = reader.ReadId();
        bool keep = reader.ReadBool();
        long epoch = reader.ReadInt64();
        if (reader.Failed || !SmpResponseParser.TryParse(reader.ReadTail().ToArray(), SmpVersion.Current, out SmpResponse? response))
        {
            return false;
        }

        connection.Event(entityId, response, keep, epoch);
        return true;
    }

    private static bool TryTellRenewal(ref WireReader reader, ISubscriber connection)
    {
        EntityId recipientId = reader.ReadId();
        var use = (RenewedUse)reader.ReadByte();
        EntityId entityId = reader.ReadId();
        long epoch = reader.ReadInt64();
        bool failed = reader.ReadBool();
        if (!reader.IsComplete || !Enum.IsDefined(use))
        {
            return false;
        }

        connection.Renewed(use, recipientId, entityId, epoch, failed);
        return true;
    }

    private static bool TryTellIds(ConnectionEvent type, ref WireReader reader, ISubscriber connection)
    {
        (EntityId first, EntityId second) = (reader.ReadId(), reader.ReadId());
        long epoch = type is ConnectionEvent.Subscribed ? reader.ReadInt64() : 0;
        if (!reader.IsComplete)
        {
            return false;
        }

        switch (type)
        {
            case ConnectionEvent.NotifyStored:
                connection.NotifyStored(first, second);
                return true;
            case ConnectionEvent.Subscribed:
                connection.Subscribed(first, second, epoch);
                return true;
            case ConnectionEvent.Remembered:
                connection.Remembered(first);
                return true;
            default:
                return false;
        }
    }

    private static bool TryTellService(
        ConnectionEvent type, ref WireReader reader, IServiceSubscriber member, NodeNumber sender, ConnectionReferences references)
    {
        switch (type)
        {
            case ConnectionEvent.Joined:
                (bool subscribed, long joined) = (reader.ReadBool(), reader.ReadInt64());
                return Tell(reader, () => member.Joined(subscribed, joined));
            case ConnectionEvent.Ended:
                ServiceQueues? counters = reader.ReadMaybe() ? new ServiceQueues(reader.ReadInt64(), reader.ReadId()) : null;
                return Tell(reader, () => member.Ended(counters));
            case ConnectionEvent.Mail:
                EntityId mailed = reader.ReadId();
                ISubscriber? lost = references.ReadMaybe(ref reader, sender);
                return Tell(reader, () => member.Mail(mailed, lost));
            case ConnectionEvent.AttachAnswered:
                EntityId answered = reader.ReadId();
                bool failed = reader.ReadBool();
                return Tell(reader, () => member.AttachAnswered(answered, failed));
            case ConnectionEvent.NotifierMail or ConnectionEvent.Taken or ConnectionEvent.Attached:
                (EntityId first, EntityId second) = (reader.ReadId(), reader.ReadId());
                long epoch = type is ConnectionEvent.Attached ? reader.ReadInt64() : 0;
                return Tell(reader, type switch
                {
                    ConnectionEvent.NotifierMail => () => member.NotifierMail(first, second),
                    ConnectionEvent.Taken => () => member.Taken(first),
                    _ => () => member.Attached(first, second, epoch),
                });
            default:
                return false;
        }
    }

    private static bool Tell(in WireReader reader, Action tell)
    {
        if (!reader.IsComplete)
        {
            return false;
        }

        tell();
        return true;
    }
}
