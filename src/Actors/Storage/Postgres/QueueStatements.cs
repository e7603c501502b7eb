using Npgsql;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>
/// The statements that store changes of queues: one per kind of change, with arrays. They run as one implicit transaction;
/// where one of them finds that the changes cannot be stored it ends that with an error.
/// </summary>
/// <param name="node">Whose counter of bytes changes.</param>
internal sealed class QueueStatements(string node) : IChangeStatements<QueueChange>
{
    /// <summary>Messages by queue and sequence number.</summary>
    public const string DeleteMessages =
        "WITH gone AS (DELETE FROM messages m USING unnest($1::bytea[], $2::bigint[]) AS r (recipient_id, sequence) "
        + "WHERE m.recipient_id = r.recipient_id AND m.sequence = r.sequence RETURNING message_size(m.body) AS size) "
        + "UPDATE message_bytes SET bytes = bytes - (SELECT coalesce(sum(size), 0) FROM gone) WHERE node = $3";

    /// <summary>New messages; their numbers follow the order of the arrays.</summary>
    public const string InsertMessages =
        "WITH added AS (INSERT INTO messages (recipient_id, sequence, message_id, timestamp, notify, is_quota_marker, checksum, body) "
        + "SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[], $5::boolean[], $6::boolean[], $7::bigint[], $8::bytea[]) "
        + "RETURNING message_size(body) AS size) "
        + "UPDATE message_bytes SET bytes = bytes + (SELECT coalesce(sum(size), 0) FROM added) WHERE node = $9";

    /// <summary>Waiting notifications of notifiers.</summary>
    public const string ClearNotifications = "DELETE FROM notifications WHERE notifier_id = ANY ($1)";

    /// <summary>All but the newest notifications of notifiers.</summary>
    public const string TrimNotifications =
        "DELETE FROM notifications n USING unnest($1::bytea[], $2::integer[]) AS r (notifier_id, keep) CROSS JOIN LATERAL "
        + "(SELECT o.notification_no FROM notifications o WHERE o.notifier_id = r.notifier_id ORDER BY o.notification_no DESC LIMIT 1 OFFSET r.keep) AS cut "
        + "WHERE n.notifier_id = r.notifier_id AND n.notification_no <= cut.notification_no";

    /// <summary>Links that records lose, and those whose blobs are stored anew.</summary>
    public const string DeleteLinks =
        "DELETE FROM links l USING unnest($1::bytea[], $2::bytea[], $3::boolean[]) AS r (recipient_id, link_id, is_replaced) "
        + "JOIN queues q ON q.recipient_id = r.recipient_id "
        + "WHERE l.link_id = q.link_id AND l.recipient_id = r.recipient_id AND (r.is_replaced OR r.link_id IS DISTINCT FROM q.link_id)";

    /// <summary>Records, all of which must be stored.</summary>
    public const string UpdateQueues =
        "WITH changed AS (UPDATE queues q SET " + PostgresQueueRow.Assignments + " FROM " + PostgresQueueRow.Rows
        + " WHERE q.recipient_id = r.recipient_id RETURNING 1) "
        + "SELECT refuse('" + PostgresErrors.Missing + "', 'a queue that is to be updated is not stored') "
        + "WHERE (SELECT count(*) FROM changed) <> cardinality($1)";

    /// <summary>Counters of services.</summary>
    public const string CountQueues =
        "UPDATE services s SET queue_count = s.queue_count + r.added, queue_ids_hash = xor16(s.queue_ids_hash, r.mask) "
        + "FROM unnest($1::bytea[], $2::bigint[], $3::bytea[]) AS r (service_id, added, mask) WHERE s.service_id = r.service_id";

    private const string DeleteQueues = "SELECT delete_queues($1, $2)";

    private const string InsertQueues =
        "INSERT INTO queues (" + PostgresQueueRow.Columns + ") SELECT " + PostgresQueueRow.Columns + " FROM " + PostgresQueueRow.Rows;

    private const string InsertLinks =
        "INSERT INTO links (link_id, recipient_id, fixed_data, user_data) SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[])";

    /// <summary>A record cannot take a link without blobs that belongs to another queue.</summary>
    private const string RequireLinks =
        "SELECT refuse('" + PostgresErrors.Conflict + "', 'a link belongs to another queue') "
        + "FROM unnest($1::bytea[], $2::bytea[]) AS r (link_id, recipient_id) "
        + "WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.link_id = r.link_id AND l.recipient_id = r.recipient_id)";

    private const string InsertNotifications =
        "INSERT INTO notifications (notifier_id, message_id, timestamp, nonce, encrypted_meta) "
        + "SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bytea[], $5::bytea[])";

    private const string RequireServices =
        "SELECT refuse('" + PostgresErrors.Conflict + "', 'a service is not stored') FROM unnest($1::bytea[]) AS r (service_id) "
        + "WHERE NOT EXISTS (SELECT 1 FROM services s WHERE s.service_id = r.service_id)";

    private long _notificationsLost;

    /// <summary>Waiting notifications that were dropped for newer ones; any thread.</summary>
    public long NotificationsLost => Interlocked.Read(ref _notificationsLost);

    /// <inheritdoc/>
    public bool MayConflict(QueueChange change) => change is QueueChange.Create or QueueChange.Update;

    /// <inheritdoc/>
    public bool TryAppend(NpgsqlBatch batch, IReadOnlyList<WriteSet<QueueChange>> sets)
    {
        if (NetChanges.TryOf(sets) is not { } net)
        {
            return false;
        }

        AppendDeletions(batch, net);
        AppendUpdates(batch, net.Updated);
        AppendQueues(batch, net);
        AppendMessages(batch, net.AddedMessages);
        AppendNotifications(batch, net.Notifications);
        AppendServices(batch, net.Services);
        return true;
    }

    /// <inheritdoc/>
    public void Committed(NpgsqlBatch batch)
    {
        foreach (NpgsqlBatchCommand command in batch.BatchCommands)
        {
            if (ReferenceEquals(command.CommandText, TrimNotifications))
            {
                Interlocked.Add(ref _notificationsLost, command.RecordsAffected);
            }
        }
    }

    private void AppendDeletions(NpgsqlBatch batch, NetChanges net)
    {
        if (net.DeletedQueues.Count > 0)
        {
            batch.Add(DeleteQueues).WithIds(net.DeletedQueues).With(node);
        }

        if (net.DeletedMessages.Count > 0)
        {
            batch.Add(DeleteMessages).WithIds(net.DeletedMessages, row => row.Queue).WithLongs(net.DeletedMessages, row => row.Sequence).With(node);
        }

        if (net.ClearedNotifiers.Count > 0)
        {
            batch.Add(ClearNotifications).WithIds(net.ClearedNotifiers);
        }
    }

    private static void AppendUpdates(NpgsqlBatch batch, List<(QueueRecord Record, LinkData? Link)> updated)
    {
        if (updated.Count == 0)
        {
            return;
        }

        batch.Add(DeleteLinks)
            .WithIds(updated, row => row.Record.RecipientId)
            .WithIds(updated, row => row.Record.Link?.LinkId)
            .WithFlags(updated, row => row.Link is not null);
        PostgresQueueRow.AddColumns(batch.Add(UpdateQueues), [.. updated.Select(row => row.Record)]);
        QueueRecord[] kept = [.. updated.Where(row => row.Record.Link is not null && row.Link is null).Select(row => row.Record)];
        if (kept.Length > 0)
        {
            batch.Add(RequireLinks).WithIds(kept, record => record.Link!.LinkId).WithIds(kept, record => record.RecipientId);
        }
    }

    private static void AppendQueues(NpgsqlBatch batch, NetChanges net)
    {
        if (net.Created.Count > 0)
        {
            PostgresQueueRow.AddColumns(batch.Add(InsertQueues), [.. net.Created.Select(row => row.Record)]);
        }

        (QueueRecord Record, LinkData? Link)[] linked = [.. net.Updated.Concat(net.Created).Where(row => row.Link is not null)];
        if (linked.Length > 0)
        {
            batch.Add(InsertLinks)
                .WithIds(linked, row => row.Record.Link!.LinkId)
                .WithIds(linked, row => row.Record.RecipientId)
                .WithMemory(linked, row => row.Link!.Fixed)
                .WithMemory(linked, row => row.Link!.User);
        }
    }

    private void AppendMessages(NpgsqlBatch batch, IReadOnlyCollection<QueueChange.AddMessage> added)
    {
        if (added.Count > 0)
        {
            batch.Add(InsertMessages)
                .WithIds(added, add => add.RecipientId)
                .WithLongs(added, add => add.Header.Sequence)
                .WithIds(added, add => add.Header.MessageId)
                .WithLongs(added, add => add.Header.Timestamp)
                .WithFlags(added, add => add.Header.Notify)
                .WithFlags(added, add => add.Header.IsQuotaMarker)
                .WithLongs(added, add => MessageChecksum.Compute(add.RecipientId, add.Header, add.Body.Span))
                .WithMemory(added, add => add.Body)
                .With(node);
        }
    }

    private static void AppendNotifications(NpgsqlBatch batch, NetNotifications notifications)
    {
        if (notifications.IsEmpty)
        {
            return;
        }

        QueueChange.AddNotification[] added = [.. notifications.All];
        batch.Add(InsertNotifications)
            .WithIds(added, add => add.NotifierId)
            .WithIds(added, add => add.Notification.MessageId)
            .WithLongs(added, add => add.Notification.Timestamp)
            .WithIds(added, add => add.Notification.Nonce)
            .WithMemory(added, add => add.Notification.EncryptedMeta);
        (EntityId NotifierId, int Keep)[] kept = [.. notifications.Kept];
        batch.Add(TrimNotifications).WithIds(kept, row => row.NotifierId).WithIntegers(kept, row => row.Keep);
    }

    private static void AppendServices(NpgsqlBatch batch, NetServices services)
    {
        if (services.IsEmpty)
        {
            return;
        }

        (EntityId ServiceId, long Count, byte[] Mask)[] counted = [.. services.All];
        batch.Add(CountQueues).WithIds(counted, row => row.ServiceId).WithLongs(counted, row => row.Count).WithBytes(counted, row => row.Mask);
        EntityId[] required = [.. services.Required];
        if (required.Length > 0)
        {
            batch.Add(RequireServices).WithIds(required);
        }
    }
}
