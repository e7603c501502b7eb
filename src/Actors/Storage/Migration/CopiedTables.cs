using System.Collections.Immutable;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage.Sqlite;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>All tables of a store.</summary>
internal static class CopiedTables
{
    private const string MessageColumns =
        "recipient_id:b sequence:l message_id:b timestamp:l notify:f is_quota_marker:f checksum:l body:b";

    /// <summary>In the order in which they are copied.</summary>
    public static ImmutableArray<CopiedTable> All { get; } =
    [
        CopiedTable.Of(
            "services",
            "service_id:b role:t certificates:b fingerprint:b created_day:i last_used_day:i queue_count:l queue_ids_hash:b",
            "service_id",
            row => ServiceRow.TryRead(row, out _) && row.Blob(7).Length == HashBytes),
        CopiedTable.Of(
            "queues",
            "recipient_id:b sender_id:b recipient_keys:b dh_secret:b sender_key:b queue_mode:t link_id:b link_fixed_hash:b notifier_id:b "
            + "notifier_key:b notifier_dh_secret:b notifier_service_id:b status:t updated_day:i service_id:b keys_version:l",
            "recipient_id",
            row => QueueRow.TryRead(row, out _)),
        CopiedTable.Of("links", "link_id:b recipient_id:b fixed_data:b user_data:b", "link_no", row => IsId(row, 0) && IsId(row, 1)),
        CopiedTable.Of("messages", "message_no:l " + MessageColumns, "message_no", IsMessage) with { Sequence = "message_numbers" },
        CopiedTable.Of(
            "notifications",
            "notification_no:l notifier_id:b message_id:b timestamp:l nonce:b encrypted_meta:b",
            "notification_no",
            row => IsId(row, 1) && IsId(row, 2) && IsId(row, 4)) with { Sequence = "notifications_notification_no_seq" },
        CopiedTable.Of(
            "quarantine", "quarantine_no:l found_at:l " + MessageColumns, "quarantine_no", _ => true) with { Sequence = "quarantine_quarantine_no_seq" },
        CopiedTable.Of("statistics_state", "hash_key:b since:l period_began:l", "only_row", _ => true) with { IsOfNode = true },
        CopiedTable.Of("statistics", "name:t total:l at_period_start:l", "name", _ => true) with { IsOfNode = true },
        CopiedTable.Of("statistics_periods", "began:l ended:l name:t value:l", "began, name", _ => true) with { IsOfNode = true },
        CopiedTable.Of("active_queues", "row_no:l stripe:i day:i entries:b", "row_no", _ => true) with { IsOfNode = true, Sequence = "active_queues_row_no_seq" },
    ];

    private const int HashBytes = 16;

    private static bool IsId(SqliteStatement row, int column) => QueueRow.TryReadId(row, column, out EntityId? id) && id is not null;

    private static bool IsMessage(SqliteStatement row)
    {
        if (!QueueRow.TryReadId(row, 1, out EntityId? queue) || queue is null || !QueueRow.TryReadId(row, 3, out EntityId? id) || id is null)
        {
            return false;
        }

        var header = new MessageHeader(row.Integer(2), id.Value, row.Integer(4), row.Integer(5) != 0, row.Integer(6) != 0);
        return MessageChecksum.Compute(queue.Value, header, row.Blob(8)) == row.Integer(7);
    }
}
