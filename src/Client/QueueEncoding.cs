using System.Security.Cryptography;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Client;

/// <summary>
/// Handles as bytes, for applications to store:
/// <code>
/// recipient = "R1" SS(recipientId) SS(senderId) key SS(secret) Maybe(mode) Maybe(SS linkId) Maybe(SS(notifierId) key SS(secret))
/// sender    = "S1" SS(senderId) Maybe(key)
/// key       = SS(PKCS#8)
/// </code>
/// </summary>
internal static class QueueEncoding
{
    private const int MaxLength = 2048;
    private static ReadOnlySpan<byte> RecipientFormat => "R1"u8;
    private static ReadOnlySpan<byte> SenderFormat => "S1"u8;

    public static byte[] Encode(RecipientQueue queue)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        var writer = new WireWriter(buffer);
        writer.Write(RecipientFormat);
        writer.WriteId(queue.RecipientId);
        writer.WriteId(queue.SenderId);
        WriteKey(ref writer, queue.Key);
        writer.WriteShort(queue.Secret);
        writer.WriteMaybe(queue.Mode is not null);
        if (queue.Mode is { } mode)
        {
            writer.WriteByte((byte)mode);
        }

        writer.WriteMaybe(queue.LinkId is not null);
        if (queue.LinkId is { } linkId)
        {
            writer.WriteId(linkId);
        }

        writer.WriteMaybe(queue.Notifications is not null);
        if (queue.Notifications is { } notifications)
        {
            writer.WriteId(notifications.Notifier.NotifierId);
            WriteKey(ref writer, notifications.Notifier.Key);
            writer.WriteShort(notifications.Secret);
        }

        return TakeAndWipe(writer.Written, buffer);
    }

    public static byte[] Encode(SenderQueue queue)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        var writer = new WireWriter(buffer);
        writer.Write(SenderFormat);
        writer.WriteId(queue.SenderId);
        writer.WriteMaybe(queue.Key is not null);
        if (queue.Key is { } key)
        {
            WriteKey(ref writer, key);
        }

        return TakeAndWipe(writer.Written, buffer);
    }

    public static RecipientQueue? TryDecodeRecipient(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        if (!reader.Take(RecipientFormat.Length).SequenceEqual(RecipientFormat))
        {
            return null;
        }

        EntityId recipientId = reader.ReadId();
        EntityId senderId = reader.ReadId();
        PrivateKey? key = ReadKey(ref reader);
        byte[] secret = reader.ReadShort().ToArray();
        QueueMode? mode = reader.ReadMaybe() ? (QueueMode)reader.ReadByte() : null;
        EntityId? linkId = reader.ReadMaybe() ? reader.ReadId() : null;
        bool hasNotifications = reader.ReadMaybe();
        QueueNotifications? notifications = hasNotifications ? ReadNotifications(ref reader) : null;
        return reader.IsComplete && key is not null && secret.Length == BoxKey.Length && (mode is null || Enum.IsDefined(mode.Value))
            && hasNotifications == (notifications is not null)
            ? new RecipientQueue(recipientId, senderId, key, secret, mode, linkId) { Notifications = notifications }
            : null;
    }

    public static SenderQueue? TryDecodeSender(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        if (!reader.Take(SenderFormat.Length).SequenceEqual(SenderFormat))
        {
            return null;
        }

        EntityId senderId = reader.ReadId();
        bool hasKey = reader.ReadMaybe();
        PrivateKey? key = hasKey ? ReadKey(ref reader) : null;
        return reader.IsComplete && hasKey == (key is not null) ? new SenderQueue(senderId, key) : null;
    }

    private static QueueNotifications? ReadNotifications(ref WireReader reader)
    {
        EntityId notifierId = reader.ReadId();
        PrivateKey? key = ReadKey(ref reader);
        byte[] secret = reader.ReadShort().ToArray();
        return key is not null && secret.Length == BoxKey.Length
            ? new QueueNotifications(new NotifierQueue(notifierId, key), secret)
            : null;
    }

    private static PrivateKey? ReadKey(ref WireReader reader) => Pkcs8.TryDecode(reader.ReadShort());

    private static void WriteKey(ref WireWriter writer, PrivateKey key)
    {
        int length = Pkcs8.LengthOf(key.Algorithm);
        writer.WriteByte((byte)length);
        Pkcs8.Encode(key, writer.Claim(length));
    }

    private static byte[] TakeAndWipe(ReadOnlySpan<byte> written, Span<byte> buffer)
    {
        byte[] taken = written.ToArray();
        CryptographicOperations.ZeroMemory(buffer);
        return taken;
    }
}
