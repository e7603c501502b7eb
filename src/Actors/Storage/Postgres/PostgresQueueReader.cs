using Npgsql;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Reads queues, messages, links and notifications.</summary>
internal sealed class PostgresQueueReader(PostgresReads reads, StoreLog log)
{
    /// <summary>Headers of the messages of queues.</summary>
    public const string Headers =
        "SELECT recipient_id, sequence, message_id, timestamp, notify, is_quota_marker FROM messages WHERE recipient_id = ANY ($1) ORDER BY recipient_id, sequence";

    /// <summary>Records of queues.</summary>
    public const string Queues = "SELECT " + PostgresQueueRow.Columns + " FROM queues WHERE recipient_id = ANY ($1)";

    /// <summary>One message.</summary>
    public const string Message =
        "SELECT sequence, message_id, timestamp, notify, is_quota_marker, checksum, body FROM messages WHERE recipient_id = $1 AND sequence = $2";

    /// <summary>Waiting notifications, oldest first.</summary>
    public const string Notifications =
        "SELECT message_id, timestamp, nonce, encrypted_meta FROM notifications WHERE notifier_id = $1 ORDER BY notification_no";

    /// <summary>Messages of one kind that are old.</summary>
    public const string Expired =
        "SELECT timestamp, message_no, recipient_id FROM messages WHERE NOT is_quota_marker AND timestamp < $1 "
        + "AND (timestamp, message_no) > ($2, $3) ORDER BY timestamp, message_no LIMIT $4";

    /// <summary>Queues without a service, in the order of their ids.</summary>
    public const string LastUsed =
        "SELECT recipient_id, updated_day, status = 'off' FROM queues WHERE recipient_id > $1 AND service_id IS NULL ORDER BY recipient_id LIMIT $2";

    /// <summary>Recipient ids behind other ids.</summary>
    public const string BySender = "SELECT recipient_id FROM queues WHERE sender_id = $1",
        ByNotifier = "SELECT recipient_id FROM queues WHERE notifier_id = $1",
        ByLink = "SELECT recipient_id FROM links WHERE link_id = $1";

    private const string Link = "SELECT fixed_data, user_data FROM links WHERE link_id = $1";

    private const string Measure =
        "SELECT (SELECT coalesce(sum(bytes), 0)::bigint FROM message_bytes) + pg_total_relation_size('queues') + pg_total_relation_size('links') "
        + "+ pg_total_relation_size('notifications') + pg_total_relation_size('services') + pg_total_relation_size('quarantine') "
        + "+ pg_total_relation_size('statistics') + pg_total_relation_size('statistics_periods') + pg_total_relation_size('active_queues')";

    private const string Count =
        "SELECT (SELECT count(*) FROM queues), (SELECT count(*) FROM messages), (SELECT count(*) FROM queues WHERE notifier_id IS NOT NULL), "
        + "(SELECT count(*) FROM notifications), count(*) FILTER (WHERE role = 'M'), coalesce(sum(queue_count) FILTER (WHERE role = 'M'), 0)::bigint, "
        + "count(*) FILTER (WHERE role = 'N'), coalesce(sum(queue_count) FILTER (WHERE role = 'N'), 0)::bigint FROM services";

    /// <summary>Rows and message headers of queues, in the order of <paramref name="ids"/>.</summary>
    public Task<IReadOnlyList<StoredQueue?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) => reads.RunAsync(
        batch =>
        {
            batch.Add(Queues).WithIds(ids);
            batch.Add(Headers).WithIds(ids);
        },
        rows => ReadQueuesAsync(rows, ids, cancellation),
        cancellation);

    /// <summary>The recipient id behind an alias.</summary>
    public async Task<EntityId?> ResolveAsync(QueueAlias kind, EntityId alias, CancellationToken cancellation)
    {
        string sql = kind switch
        {
            QueueAlias.Sender => BySender,
            QueueAlias.Notifier => ByNotifier,
            QueueAlias.Link => ByLink,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        return await reads.FirstAsync(batch => batch.Add(sql).With(alias), row => PostgresQueueRow.TryReadId(row, 0, out EntityId? id) ? id : null, cancellation);
    }

    /// <summary>The body of one message.</summary>
    public Task<MessageBody> ReadBodyAsync(EntityId recipientId, MessageHeader wanted, CancellationToken cancellation) => reads.RunAsync(
        batch => batch.Add(Message).With(recipientId).With(wanted.Sequence),
        async rows => await rows.ReadAsync(cancellation) ? Body(rows, recipientId, wanted) : new MessageBody(MessageBodyState.Missing, default),
        cancellation);

    /// <summary>The blobs of a link.</summary>
    public Task<LinkData?> ReadLinkAsync(EntityId linkId, CancellationToken cancellation) => reads.FirstAsync<LinkData>(
        batch => batch.Add(Link).With(linkId), row => new LinkData(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)), cancellation);

    /// <summary>Waiting notifications, oldest first.</summary>
    public async Task<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(EntityId notifierId, CancellationToken cancellation)
    {
        List<StoredNotification?> rows = await reads.ListAsync(batch => batch.Add(Notifications).With(notifierId), Notification, cancellation);
        return [.. rows.OfType<StoredNotification>()];
    }

    /// <summary>One page of the search for expired messages, which reads nothing but its index.</summary>
    public async Task<(IReadOnlyList<EntityId> Queues, ExpiryCursor? Cursor)> FindExpiredAsync(
        long olderThan, ExpiryCursor cursor, int limit, CancellationToken cancellation)
    {
        List<(long Timestamp, long Number, EntityId? Queue)> rows = await reads.ListAsync(
            batch => batch.Add(Expired).With(olderThan).With(cursor.Timestamp).With(cursor.Number).With((long)StoreLimits.ExpiryScanRows),
            row => (row.GetInt64(0), row.GetInt64(1), PostgresQueueRow.TryReadId(row, 2, out EntityId? id) ? id : null),
            cancellation);
        var found = new HashSet<EntityId>();
        foreach ((long timestamp, long number, EntityId? queue) in rows)
        {
            if (queue is { } id)
            {
                found.Add(id);
            }

            if (found.Count == limit)
            {
                return ([.. found], new ExpiryCursor(timestamp, number));
            }
        }

        return ([.. found], rows.Count < StoreLimits.ExpiryScanRows ? null : new ExpiryCursor(rows[^1].Timestamp, rows[^1].Number));
    }

    /// <summary>One page of the search for queues that nobody uses. It reads all queues: an index would cost every use of a queue something.</summary>
    public async Task<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindUnusedAsync(UnusedSince since, EntityId after, int limit, CancellationToken cancellation)
    {
        List<(EntityId? Id, int Day, bool IsOff)> rows = await reads.ListAsync(
            batch => batch.Add(LastUsed).With(after).With((long)StoreLimits.UnusedScanRows),
            row => (PostgresQueueRow.TryReadId(row, 0, out EntityId? id) ? id : null, row.GetInt32(1), row.GetBoolean(2)),
            cancellation);
        var found = new List<EntityId>();
        EntityId? last = null;
        foreach ((EntityId? row, int day, bool isOff) in rows)
        {
            if (row is not { } id)
            {
                log.DamagedRow("queues");
                continue;
            }

            last = id;
            if (day > 0 && (day < since.Day || (isOff && day < since.SuspendedDay)))
            {
                found.Add(id);
            }

            if (found.Count == limit)
            {
                return (found, last);
            }
        }

        return (found, rows.Count < StoreLimits.UnusedScanRows ? null : last);
    }

    /// <summary>Bytes that what is stored takes. Messages come and go: they are counted; the rest is measured.</summary>
    public Task<long> MeasureAsync(CancellationToken cancellation) => reads.FirstAsync(batch => batch.Add(Measure), row => row.GetInt64(0), cancellation);

    /// <summary>How much is stored.</summary>
    public async Task<StoreCounts> CountAsync(CancellationToken cancellation) => (await reads.FirstAsync<StoreCounts>(
        batch => batch.Add(Count),
        row => new StoreCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))
        {
            RcvServices = row.GetInt64(4),
            RcvServiceQueues = row.GetInt64(5),
            NtfServices = row.GetInt64(6),
            NtfServiceQueues = row.GetInt64(7),
        },
        cancellation))!;

    private async Task<IReadOnlyList<StoredQueue?>> ReadQueuesAsync(NpgsqlDataReader rows, IReadOnlyList<EntityId> ids, CancellationToken cancellation)
    {
        var records = new Dictionary<EntityId, QueueRecord>(ids.Count);
        var headers = new Dictionary<EntityId, List<MessageHeader>>();
        while (await rows.ReadAsync(cancellation))
        {
            if (PostgresQueueRow.TryRead(rows, out QueueRecord? record))
            {
                records[record.RecipientId] = record;
            }
            else
            {
                log.DamagedRow("queues");
            }
        }

        await rows.NextResultAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            if (PostgresQueueRow.TryReadId(rows, 0, out EntityId? queue) && queue is { } id && TryReadHeader(rows, 1, out MessageHeader header))
            {
                (headers.TryGetValue(id, out List<MessageHeader>? list) ? list : headers[id] = []).Add(header);
            }
            else
            {
                log.DamagedRow("messages");
            }
        }

        return [.. ids.Select(id => records.TryGetValue(id, out QueueRecord? record)
            ? new StoredQueue(record, headers.TryGetValue(id, out List<MessageHeader>? list) ? list.ToArray() : [])
            : null)];
    }

    private static MessageBody Body(NpgsqlDataReader row, in EntityId recipientId, in MessageHeader wanted)
    {
        if (!TryReadHeader(row, 0, out MessageHeader header))
        {
            return new MessageBody(MessageBodyState.Corrupt, default);
        }

        byte[] body = row.GetFieldValue<byte[]>(6);
        if (MessageChecksum.Compute(recipientId, header, body) != row.GetInt64(5))
        {
            return new MessageBody(MessageBodyState.Corrupt, default);
        }

        // A sequence number may be used again once its message is gone.
        return header.MessageId == wanted.MessageId
            ? new MessageBody(MessageBodyState.Found, body)
            : new MessageBody(MessageBodyState.Missing, default);
    }

    private StoredNotification? Notification(NpgsqlDataReader row)
    {
        if (PostgresQueueRow.TryReadId(row, 0, out EntityId? messageId) && messageId is not null
            && PostgresQueueRow.TryReadId(row, 2, out EntityId? nonce) && nonce is not null)
        {
            return new StoredNotification(messageId.Value, row.GetInt64(1), nonce.Value, row.GetFieldValue<byte[]>(3));
        }

        log.DamagedRow("notifications");
        return null;
    }

    private static bool TryReadHeader(NpgsqlDataReader row, int first, out MessageHeader header)
    {
        bool valid = PostgresQueueRow.TryReadId(row, first + 1, out EntityId? messageId) && messageId is not null;
        header = valid
            ? new MessageHeader(row.GetInt64(first), messageId!.Value, row.GetInt64(first + 2), row.GetBoolean(first + 3), row.GetBoolean(first + 4))
            : default;
        return valid;
    }
}
