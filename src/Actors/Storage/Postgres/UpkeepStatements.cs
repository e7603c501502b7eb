using Npgsql;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Statements that keep the store in order; no entity decides them.</summary>
internal static class UpkeepStatements
{
    /// <summary>Deletes a page of old notifications, without waiting for those that a commit deletes just now.</summary>
    public const string ExpireNotifications =
        "DELETE FROM notifications n USING (SELECT notifier_id, notification_no FROM notifications WHERE timestamp < $1 "
        + "ORDER BY timestamp LIMIT $2 FOR UPDATE SKIP LOCKED) AS old "
        + "WHERE n.notifier_id = old.notifier_id AND n.notification_no = old.notification_no";

    private const string Quarantine =
        "INSERT INTO quarantine (found_at, recipient_id, sequence, message_id, timestamp, notify, is_quota_marker, checksum, body) "
        + "SELECT $3, recipient_id, sequence, message_id, timestamp, notify, is_quota_marker, checksum, body FROM messages "
        + "WHERE recipient_id = $1 AND sequence = $2";

    /// <summary>Moves a message to the quarantine.</summary>
    public static void AppendQuarantine(NpgsqlBatch batch, in EntityId recipientId, long sequence, long foundAt, string node)
    {
        batch.Add(Quarantine).With(recipientId).With(sequence).With(foundAt);
        batch.Add(QueueStatements.DeleteMessages).WithIds([recipientId]).WithLongs([sequence], number => number).With(node);
    }
}
