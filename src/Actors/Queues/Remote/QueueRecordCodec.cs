using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Queues.Remote;

/// <summary>
/// A queue's record between nodes:
/// <code>
/// record   recipientId senderId keys dhSecret(short) Maybe(key) mode(1) Maybe(link) Maybe(notifier) status(short)
///          updatedDay(4) Maybe(serviceId) keysVersion(8)
/// keys     count(1) key...
/// key      DER SubjectPublicKeyInfo(short)
/// link     linkId fixedHash
/// notifier notifierId key dhSecret(short) Maybe(serviceId)
/// </code>
/// </summary>
internal static class QueueRecordCodec
{
    private const byte NoMode = 0;

    public static void Write(ref WireWriter writer, QueueRecord record)
    {
        writer.WriteId(record.RecipientId);
        writer.WriteId(record.SenderId);
        WriteKeys(ref writer, record.RecipientKeys);
        writer.WriteShort(record.DhSecret.AsSpan());
        WriteMaybeKey(ref writer, record.SenderKey);
        WriteMode(ref writer, record.Mode);
        writer.WriteMaybe(record.Link is not null);
        if (record.Link is { } link)
        {
            writer.WriteId(link.LinkId);
            writer.WriteId(link.FixedHash);
        }

        writer.WriteMaybe(record.Notifier is not null);
        if (record.Notifier is { } notifier)
        {
            WriteNotifier(ref writer, notifier);
        }

        writer.WriteShort(System.Text.Encoding.UTF8.GetBytes(QueueStatusText.Encode(record.Status)));
        writer.WriteUInt32((uint)record.UpdatedDay);
        WriteMaybeId(ref writer, record.ServiceId);
        writer.WriteInt64(record.KeysVersion);
    }

    /// <summary>Null when it cannot be read.</summary>
    public static QueueRecord? Read(ref WireReader reader)
    {
        (EntityId recipientId, EntityId senderId) = (reader.ReadId(), reader.ReadId());
        ImmutableArray<PublicKey> keys = ReadKeys(ref reader);
        ImmutableArray<byte> secret = ReadSecret(ref reader);
        PublicKey? senderKey = ReadMaybeKey(ref reader);
        QueueMode? mode = ReadMode(ref reader);
        QueueLink? link = reader.ReadMaybe() ? new QueueLink(reader.ReadId(), reader.ReadId()) : null;
        QueueNotifier? notifier = reader.ReadMaybe() ? ReadNotifier(ref reader) : null;
        QueueStatus? status = QueueStatusText.TryDecode(reader.ReadShort());
        var day = (int)reader.ReadUInt32();
        EntityId? serviceId = ReadMaybeId(ref reader);
        long version = reader.ReadInt64();
        return reader.Failed || status is null
            ? null
            : new QueueRecord
            {
                RecipientId = recipientId,
                SenderId = senderId,
                RecipientKeys = keys,
                DhSecret = secret,
                SenderKey = senderKey,
                Mode = mode,
                Link = link,
                Notifier = notifier,
                Status = status,
                UpdatedDay = day,
                ServiceId = serviceId,
                KeysVersion = version,
            };
    }

    public static void WriteNotifier(ref WireWriter writer, QueueNotifier notifier)
    {
        writer.WriteId(notifier.NotifierId);
        writer.WriteShort(notifier.Key.Spki);
        writer.WriteShort(notifier.DhSecret.AsSpan());
        WriteMaybeId(ref writer, notifier.ServiceId);
    }

    public static QueueNotifier ReadNotifier(ref WireReader reader) =>
        new(reader.ReadId(), ReadKey(ref reader), ReadSecret(ref reader), ReadMaybeId(ref reader));

    public static void Write(ref WireWriter writer, QueueKeys keys)
    {
        writer.WriteId(keys.RecipientId);
        writer.WriteInt64(keys.Version);
        WriteKeys(ref writer, keys.RecipientKeys);
        WriteMaybeKey(ref writer, keys.SenderKey);
        WriteMaybeKey(ref writer, keys.NotifierKey);
        WriteMode(ref writer, keys.Mode);
    }

    public static QueueKeys ReadKeySet(ref WireReader reader) => new(
        reader.ReadId(), reader.ReadInt64(), ReadKeys(ref reader), ReadMaybeKey(ref reader), ReadMaybeKey(ref reader), ReadMode(ref reader));

    /// <summary>A key; null only when the reader failed.</summary>
    public static PublicKey ReadKey(ref WireReader reader)
    {
        PublicKey? key = PublicKey.TryDecode(reader.ReadShort());
        if (key is null)
        {
            reader.Fail();
        }

        return key!;
    }

    public static void WriteMaybeId(ref WireWriter writer, in EntityId? id)
    {
        writer.WriteMaybe(id is not null);
        if (id is { } present)
        {
            writer.WriteId(present);
        }
    }

    public static EntityId? ReadMaybeId(ref WireReader reader) => reader.ReadMaybe() ? reader.ReadId() : null;

    private static void WriteKeys(ref WireWriter writer, ImmutableArray<PublicKey> keys)
    {
        writer.WriteByte(checked((byte)keys.Length));
        foreach (PublicKey key in keys)
        {
            writer.WriteShort(key.Spki);
        }
    }

    private static ImmutableArray<PublicKey> ReadKeys(ref WireReader reader)
    {
        int count = reader.ReadByte();
        var keys = ImmutableArray.CreateBuilder<PublicKey>(count);
        while (keys.Count < count && !reader.Failed)
        {
            keys.Add(ReadKey(ref reader));
        }

        return keys.DrainToImmutable();
    }

    private static void WriteMaybeKey(ref WireWriter writer, PublicKey? key)
    {
        writer.WriteMaybe(key is not null);
        if (key is not null)
        {
            writer.WriteShort(key.Spki);
        }
    }

    private static PublicKey? ReadMaybeKey(ref WireReader reader) => reader.ReadMaybe() ? ReadKey(ref reader) : null;

    private static void WriteMode(ref WireWriter writer, QueueMode? mode) => writer.WriteByte(mode is { } known ? (byte)known : NoMode);

    private static QueueMode? ReadMode(ref WireReader reader)
    {
        byte mode = reader.ReadByte();
        if (mode != NoMode && !Enum.IsDefined((QueueMode)mode))
        {
            reader.Fail();
        }

        return mode == NoMode ? null : (QueueMode)mode;
    }

    private static ImmutableArray<byte> ReadSecret(ref WireReader reader) =>
        ImmutableCollectionsMarshal.AsImmutableArray(reader.ReadShort().ToArray());
}
