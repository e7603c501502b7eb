using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>A row of <c>queues</c>: the order of its columns, written and read side by side.</summary>
internal static class QueueRow
{
    /// <summary>Columns in the order of <see cref="Bind"/> and <see cref="TryRead"/>.</summary>
    public const string Columns =
        "recipient_id, sender_id, recipient_keys, dh_secret, sender_key, queue_mode, link_id, link_fixed_hash, "
        + "notifier_id, notifier_key, notifier_dh_secret, notifier_service_id, status, updated_day, service_id, keys_version";

    /// <summary>Parameters for <see cref="Columns"/>.</summary>
    public const string Parameters = "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16";

    /// <summary>
    /// Assignments of all columns that may change, but not of the indexed <c>notifier_id</c> and service ids: naming
    /// them would write their indexes anew with every update.
    /// </summary>
    public const string Assignments =
        "recipient_keys = ?3, dh_secret = ?4, sender_key = ?5, queue_mode = ?6, link_id = ?7, link_fixed_hash = ?8, "
        + "notifier_key = ?10, notifier_dh_secret = ?11, status = ?13, updated_day = ?14, keys_version = ?16";

    private const int KeysOnStack = 4;
    private const int SecretBytes = 32;

    /// <summary>Binds a whole record.</summary>
    public static void Bind(SqliteStatement statement, QueueRecord record)
    {
        BindMutable(statement, record);
        statement.Bind(2, record.SenderId);
        BindOptional(statement, 9, record.Notifier?.NotifierId);
        BindOptional(statement, 12, record.Notifier?.ServiceId);
        BindOptional(statement, 15, record.ServiceId);
    }

    /// <summary>Binds the recipient id and what <see cref="Assignments"/> sets.</summary>
    public static void BindMutable(SqliteStatement statement, QueueRecord record)
    {
        statement.Bind(1, record.RecipientId);
        BindKeys(statement, 3, record.RecipientKeys);
        statement.Bind(4, record.DhSecret.AsSpan());
        BindKey(statement, 5, record.SenderKey);
        statement.Bind(6, record.Mode switch
        {
            QueueMode.Messaging => "M",
            QueueMode.Contact => "C",
            _ => null,
        });
        BindOptional(statement, 7, record.Link?.LinkId);
        BindOptional(statement, 8, record.Link?.FixedHash);
        BindKey(statement, 10, record.Notifier?.Key);
        if (record.Notifier is { } notifier)
        {
            statement.Bind(11, notifier.DhSecret.AsSpan());
        }
        else
        {
            statement.BindNull(11);
        }

        statement.Bind(13, QueueStatusText.Encode(record.Status));
        statement.Bind(14, record.UpdatedDay);
        statement.Bind(16, record.KeysVersion);
    }

    /// <summary>Reads the current row; false when it is damaged.</summary>
    public static bool TryRead(SqliteStatement row, [NotNullWhen(true)] out QueueRecord? record)
    {
        record = null;
        if (!StoredKeys.TryRead(row.Blob(2), out ImmutableArray<PublicKey> recipientKeys)
            || row.Blob(3).Length != SecretBytes
            || !TryReadId(row, 0, out EntityId? recipientId) || recipientId is null
            || !TryReadId(row, 1, out EntityId? senderId) || senderId is null
            || !TryReadKey(row, 4, out PublicKey? senderKey)
            || !TryReadMode(row, 5, out QueueMode? mode)
            || !TryReadLink(row, out QueueLink? link)
            || !TryReadNotifier(row, out QueueNotifier? notifier)
            || QueueStatusText.TryDecode(row.Blob(12)) is not { } status
            || !TryReadId(row, 14, out EntityId? serviceId))
        {
            return false;
        }

        record = new QueueRecord
        {
            RecipientId = recipientId.Value,
            SenderId = senderId.Value,
            RecipientKeys = recipientKeys,
            DhSecret = [.. row.Blob(3)],
            SenderKey = senderKey,
            Mode = mode,
            Link = link,
            Notifier = notifier,
            Status = status,
            UpdatedDay = (int)row.Integer(13),
            ServiceId = serviceId,
            KeysVersion = row.Integer(15),
        };
        return true;
    }

    /// <summary>Reads an id or NULL; false when it is longer than an id can be.</summary>
    public static bool TryReadId(SqliteStatement row, int column, out EntityId? id)
    {
        ReadOnlySpan<byte> bytes = row.Blob(column);
        id = row.IsNull(column) || bytes.Length > EntityId.MaxLength ? null : new EntityId(bytes);
        return bytes.Length <= EntityId.MaxLength;
    }

    /// <summary>Binds an id or NULL.</summary>
    public static void BindOptional(SqliteStatement statement, int index, EntityId? id)
    {
        if (id is { } value)
        {
            statement.Bind(index, value);
        }
        else
        {
            statement.BindNull(index);
        }
    }

    private static void BindKey(SqliteStatement statement, int index, PublicKey? key)
    {
        if (key is null)
        {
            statement.BindNull(index);
        }
        else
        {
            statement.Bind(index, key.Spki);
        }
    }

    private static void BindKeys(SqliteStatement statement, int index, ImmutableArray<PublicKey> keys)
    {
        Span<byte> buffer = keys.Length <= KeysOnStack ? stackalloc byte[StoredKeys.MaxBytes(KeysOnStack)] : new byte[StoredKeys.MaxBytes(keys.Length)];
        statement.Bind(index, StoredKeys.Write(keys, buffer));
    }

    private static bool TryReadKey(SqliteStatement row, int column, out PublicKey? key)
    {
        bool isNull = row.IsNull(column);
        key = isNull ? null : PublicKey.TryDecode(row.Blob(column));
        return isNull || key is not null;
    }

    private static bool TryReadMode(SqliteStatement row, int column, out QueueMode? mode)
    {
        ReadOnlySpan<byte> text = row.Blob(column);
        mode = text switch
        {
            [(byte)'M'] => QueueMode.Messaging,
            [(byte)'C'] => QueueMode.Contact,
            _ => null,
        };
        return mode is not null || row.IsNull(column);
    }

    private static bool TryReadLink(SqliteStatement row, out QueueLink? link)
    {
        link = null;
        if (!TryReadId(row, 6, out EntityId? linkId) || !TryReadId(row, 7, out EntityId? hash) || linkId is null != hash is null)
        {
            return false;
        }

        link = linkId is null || hash is null ? null : new QueueLink(linkId.Value, hash.Value);
        return true;
    }

    private static bool TryReadNotifier(SqliteStatement row, out QueueNotifier? notifier)
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

        if (key is null || row.Blob(10).Length != SecretBytes)
        {
            return false;
        }

        notifier = new QueueNotifier(id.Value, key, [.. row.Blob(10)], service);
        return true;
    }
}
