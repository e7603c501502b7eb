using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Npgsql;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>A row of <c>queues</c>: the order of its columns, written and read side by side.</summary>
internal static class PostgresQueueRow
{
    /// <summary>Columns in the order of <see cref="AddColumns"/> and <see cref="TryRead"/>.</summary>
    public const string Columns =
        "recipient_id, sender_id, recipient_keys, dh_secret, sender_key, queue_mode, link_id, link_fixed_hash, "
        + "notifier_id, notifier_key, notifier_dh_secret, notifier_service_id, status, updated_day, service_id, keys_version";

    /// <summary>The arrays of <see cref="AddColumns"/> as a table of rows named <c>r</c>.</summary>
    public const string Rows =
        "unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::text[], $7::bytea[], $8::bytea[], "
        + "$9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[], $13::text[], $14::integer[], $15::bytea[], $16::bigint[]) AS r (" + Columns + ")";

    /// <summary>Sets everything but the recipient and sender ids from <c>r</c>.</summary>
    public const string Assignments =
        "recipient_keys = r.recipient_keys, dh_secret = r.dh_secret, sender_key = r.sender_key, queue_mode = r.queue_mode, "
        + "link_id = r.link_id, link_fixed_hash = r.link_fixed_hash, notifier_id = r.notifier_id, notifier_key = r.notifier_key, "
        + "notifier_dh_secret = r.notifier_dh_secret, notifier_service_id = r.notifier_service_id, status = r.status, "
        + "updated_day = r.updated_day, service_id = r.service_id, keys_version = r.keys_version";

    private const int SecretBytes = 32;

    /// <summary>Adds the 16 arrays of some records.</summary>
    public static NpgsqlBatchCommand AddColumns(NpgsqlBatchCommand command, IReadOnlyCollection<QueueRecord> records) => command
        .WithIds(records, record => record.RecipientId)
        .WithIds(records, record => record.SenderId)
        .WithBytes(records, record => Keys(record.RecipientKeys))
        .WithBytes(records, record => [.. record.DhSecret])
        .WithBytes(records, record => record.SenderKey?.Spki.ToArray())
        .WithTexts(records, record => Mode(record.Mode))
        .WithIds(records, record => record.Link?.LinkId)
        .WithIds(records, record => record.Link?.FixedHash)
        .WithIds(records, record => record.Notifier?.NotifierId)
        .WithBytes(records, record => record.Notifier?.Key.Spki.ToArray())
        .WithBytes(records, record => record.Notifier?.DhSecret.ToArray())
        .WithIds(records, record => record.Notifier?.ServiceId)
        .WithTexts(records, record => QueueStatusText.Encode(record.Status))
        .WithIntegers(records, record => record.UpdatedDay)
        .WithIds(records, record => record.ServiceId)
        .WithLongs(records, record => record.KeysVersion);

    /// <summary>Reads the current row; false when it is damaged.</summary>
    public static bool TryRead(NpgsqlDataReader row, [NotNullWhen(true)] out QueueRecord? record)
    {
        record = null;
        if (!TryReadId(row, 0, out EntityId? recipientId) || recipientId is null
            || !TryReadId(row, 1, out EntityId? senderId) || senderId is null
            || !StoredKeys.TryRead(row.GetFieldValue<byte[]>(2), out ImmutableArray<PublicKey> recipientKeys)
            || row.GetFieldValue<byte[]>(3) is not { Length: SecretBytes } dhSecret
            || !TryReadKey(row, 4, out PublicKey? senderKey)
            || !TryReadMode(row, 5, out QueueMode? mode)
            || !TryReadLink(row, out QueueLink? link)
            || !TryReadNotifier(row, out QueueNotifier? notifier)
            || QueueStatusText.TryDecode(Encoding.UTF8.GetBytes(row.GetString(12))) is not { } status
            || !TryReadId(row, 14, out EntityId? serviceId))
        {
            return false;
        }

        record = new QueueRecord
        {
            RecipientId = recipientId.Value,
            SenderId = senderId.Value,
            RecipientKeys = recipientKeys,
            DhSecret = Secret(dhSecret),
            SenderKey = senderKey,
            Mode = mode,
            Link = link,
            Notifier = notifier,
            Status = status,
            UpdatedDay = row.GetInt32(13),
            ServiceId = serviceId,
            KeysVersion = row.GetInt64(15),
        };
        return true;
    }

    /// <summary>Reads an id or null; false when it is longer than an id can be.</summary>
    public static bool TryReadId(NpgsqlDataReader row, int column, out EntityId? id)
    {
        byte[]? bytes = Bytes(row, column);
        id = bytes is null || bytes.Length > EntityId.MaxLength ? null : new EntityId(bytes);
        return bytes is null || id is not null;
    }

    private static byte[]? Bytes(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    private static ImmutableArray<byte> Secret(byte[] bytes) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(bytes);

    private static byte[] Keys(ImmutableArray<PublicKey> keys)
    {
        byte[] buffer = new byte[StoredKeys.MaxBytes(keys.Length)];
        return StoredKeys.Write(keys, buffer).ToArray();
    }

    private static string? Mode(QueueMode? mode) => mode switch
    {
        QueueMode.Messaging => "M",
        QueueMode.Contact => "C",
        _ => null,
    };

    private static bool TryReadMode(NpgsqlDataReader row, int column, out QueueMode? mode)
    {
        mode = row.IsDBNull(column) ? null : row.GetString(column) switch
        {
            "M" => QueueMode.Messaging,
            "C" => QueueMode.Contact,
            _ => null,
        };
        return mode is not null || row.IsDBNull(column);
    }

    private static bool TryReadKey(NpgsqlDataReader row, int column, out PublicKey? key)
    {
        byte[]? spki = Bytes(row, column);
        key = spki is null ? null : PublicKey.TryDecode(spki);
        return spki is null || key is not null;
    }

    private static bool TryReadLink(NpgsqlDataReader row, out QueueLink? link)
    {
        link = null;
        if (!TryReadId(row, 6, out EntityId? linkId) || !TryReadId(row, 7, out EntityId? hash) || linkId is null != hash is null)
        {
            return false;
        }

        link = linkId is null || hash is null ? null : new QueueLink(linkId.Value, hash.Value);
        return true;
    }

    private static bool TryReadNotifier(NpgsqlDataReader row, out QueueNotifier? notifier)
    {
        notifier = null;
        if (!TryReadId(row, 8, out EntityId? id) || !TryReadKey(row, 9, out PublicKey? key) || !TryReadId(row, 11, out EntityId? service))
        {
            return false;
        }

        if (id is null)
        {
            return key is null;
        }

        if (key is null || Bytes(row, 10) is not { Length: SecretBytes } secret)
        {
            return false;
        }

        notifier = new QueueNotifier(id.Value, key, Secret(secret), service);
        return true;
    }
}
