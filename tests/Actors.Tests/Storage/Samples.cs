using System.Collections.Immutable;
using System.Security.Cryptography;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Stored values for tests, random where nothing depends on them.</summary>
internal static class Samples
{
    public static PublicKey Key(KeyAlgorithm algorithm = KeyAlgorithm.X25519) =>
        PublicKey.FromRaw(algorithm, RandomNumberGenerator.GetBytes(PublicKey.RawLength(algorithm)));

    public static ImmutableArray<byte> Secret() => [.. RandomNumberGenerator.GetBytes(32)];

    public static byte[] Bytes(int count) => RandomNumberGenerator.GetBytes(count);

    public static QueueRecord Queue() => new()
    {
        RecipientId = EntityId.Random(),
        SenderId = EntityId.Random(),
        RecipientKeys = [Key()],
        DhSecret = Secret(),
    };

    public static QueueNotifier Notifier() => new(EntityId.Random(), Key(KeyAlgorithm.Ed25519), Secret());

    public static QueueLink Link() => new(EntityId.Random(), new EntityId(Bytes(32)));

    public static LinkData Blobs(int userBytes = 13_824) => new(Bytes(2048), Bytes(userBytes));

    public static MessageHeader Header(long sequence, long timestamp = 1_700_000_000) =>
        new(sequence, EntityId.Random(), timestamp, Notify: sequence % 2 == 0, IsQuotaMarker: false);

    public static StoredNotification Notification(long timestamp = 1_700_000_000) =>
        new(EntityId.Random(), timestamp, EntityId.Random(), Bytes(144));

    public static WriteSet<QueueChange> Set(EntityId entity, params ImmutableArray<QueueChange> changes) => new(entity, changes);

    public static WriteSet<QueueChange> Create(QueueRecord record, LinkData? link = null) =>
        Set(record.RecipientId, new QueueChange.Create(record, link));

    public static WriteSet<QueueChange> Update(QueueRecord record, LinkData? link = null) =>
        Set(record.RecipientId, new QueueChange.Update(record, link));

    public static WriteSet<QueueChange> Add(QueueRecord record, MessageHeader header, byte[] body) =>
        Set(record.RecipientId, new QueueChange.AddMessage(record.RecipientId, header, body));

    public static WriteSet<QueueChange> Remove(QueueRecord record, long sequence) =>
        Set(record.RecipientId, new QueueChange.DeleteMessage(record.RecipientId, sequence));
}
