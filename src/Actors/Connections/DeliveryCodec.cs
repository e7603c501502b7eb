using System.Runtime.InteropServices;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Connections;

/// <summary>
/// Messages and notifications on their way to a connection of another node:
/// <code>
/// delivery     recipientId header dhSecret(short) Maybe(body, large)
/// header       sequence(8) messageId timestamp(8) Bool(notify) Bool(quota marker)
/// notification messageId timestamp(8) nonce meta(large)
/// </code>
/// </summary>
internal static class DeliveryCodec
{
    public static void Write(ref WireWriter writer, Delivery delivery)
    {
        writer.WriteId(delivery.RecipientId);
        writer.WriteInt64(delivery.Header.Sequence);
        writer.WriteId(delivery.Header.MessageId);
        writer.WriteInt64(delivery.Header.Timestamp);
        writer.WriteBool(delivery.Header.Notify);
        writer.WriteBool(delivery.Header.IsQuotaMarker);
        writer.WriteShort(delivery.DhSecret.AsSpan());
        writer.WriteMaybe(delivery.Body is not null);
        if (delivery.Body is { } body)
        {
            writer.WriteLarge(body.Span);
        }
    }

    public static Delivery? ReadDelivery(ref WireReader reader)
    {
        EntityId recipientId = reader.ReadId();
        var header = new MessageHeader(reader.ReadInt64(), reader.ReadId(), reader.ReadInt64(), reader.ReadBool(), reader.ReadBool());
        byte[] secret = reader.ReadShort().ToArray();
        ReadOnlyMemory<byte>? body = null;
        if (reader.ReadMaybe())
        {
            body = reader.ReadLarge().ToArray();
        }

        return reader.Failed ? null : new Delivery(recipientId, header, ImmutableCollectionsMarshal.AsImmutableArray(secret), body);
    }

    public static void Write(ref WireWriter writer, StoredNotification notification)
    {
        writer.WriteId(notification.MessageId);
        writer.WriteInt64(notification.Timestamp);
        writer.WriteId(notification.Nonce);
        writer.WriteLarge(notification.EncryptedMeta.Span);
    }

    public static StoredNotification ReadNotification(ref WireReader reader) =>
        new(reader.ReadId(), reader.ReadInt64(), reader.ReadId(), reader.ReadLarge().ToArray());
}
