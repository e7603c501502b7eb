using System.Runtime.InteropServices;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>A connection that reads, with its statements. Used by one thread.</summary>
internal sealed class QueueReader : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly StoreLog _log;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _queue;
    private readonly SqliteStatement _headers;
    private readonly SqliteStatement _message;
    private readonly SqliteStatement _bySender;
    private readonly SqliteStatement _byNotifier;
    private readonly SqliteStatement _byLink;
    private readonly SqliteStatement _link;
    private readonly SqliteStatement _notifications;
    private readonly SqliteStatement _expired;
    private readonly SqliteStatement _lastUsed;

    /// <summary>Takes over <paramref name="database"/>.</summary>
    public QueueReader(SqliteDatabase database, StoreLog log)
    {
        _database = database;
        _log = log;
        Services = new ServiceReader(database, log);
        _begin = database.Prepare("BEGIN");
        _end = database.Prepare("COMMIT");
        _queue = database.Prepare($"SELECT {QueueRow.Columns} FROM queues WHERE recipient_id = ?1");
        _headers = database.Prepare("SELECT sequence, message_id, timestamp, notify, is_quota_marker FROM messages WHERE recipient_id = ?1 ORDER BY sequence");
        _message = database.Prepare("SELECT sequence, message_id, timestamp, notify, is_quota_marker, checksum, body FROM messages WHERE recipient_id = ?1 AND sequence = ?2");
        _bySender = database.Prepare("SELECT recipient_id FROM queues WHERE sender_id = ?1");
        _byNotifier = database.Prepare("SELECT recipient_id FROM queues WHERE notifier_id = ?1");
        _byLink = database.Prepare("SELECT recipient_id FROM links WHERE link_id = ?1");
        _link = database.Prepare("SELECT fixed_data, user_data FROM links WHERE link_id = ?1");
        _notifications = database.Prepare("SELECT message_id, timestamp, nonce, encrypted_meta FROM notifications WHERE notifier_id = ?1 ORDER BY notification_no");
        _expired = database.Prepare(
            "SELECT timestamp, message_no, recipient_id FROM messages WHERE is_quota_marker = 0 AND timestamp < ?1 "
            + "AND (timestamp, message_no) > (?2, ?3) ORDER BY timestamp, message_no LIMIT ?4");
        _lastUsed = database.Prepare(
            "SELECT recipient_id, updated_day, status = 'off' FROM queues WHERE recipient_id > ?1 AND service_id IS NULL ORDER BY recipient_id LIMIT ?2");
    }

    /// <summary>Reads services.</summary>
    public ServiceReader Services { get; }

    /// <summary>Runs <paramref name="read"/> on one snapshot of the store.</summary>
    public TResult Snapshot<TResult>(Func<QueueReader, TResult> read)
    {
        _begin.Execute();
        try
        {
            return read(this);
        }
        finally
        {
            if (_database.InTransaction)
            {
                _end.Execute();
            }
        }
    }

    /// <summary>Rows and message headers of queues, in the order of <paramref name="ids"/>.</summary>
    public StoredQueue?[] Load(IReadOnlyList<EntityId> ids)
    {
        var rows = new StoredQueue?[ids.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            EntityId id = ids[i];
            rows[i] = LoadRecord(id) is { } record ? new StoredQueue(record, LoadHeaders(id)) : null;
        }

        return rows;
    }

    /// <summary>The recipient id behind an alias.</summary>
    public EntityId? Resolve(QueueAlias kind, in EntityId alias)
    {
        SqliteStatement statement = kind switch
        {
            QueueAlias.Sender => _bySender,
            QueueAlias.Notifier => _byNotifier,
            QueueAlias.Link => _byLink,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        if (!statement.Bind(1, alias).First())
        {
            return null;
        }

        bool valid = QueueRow.TryReadId(statement, 0, out EntityId? recipientId);
        statement.Reset();
        return valid ? recipientId : null;
    }

    /// <summary>The body of one message.</summary>
    public MessageBody ReadBody(in EntityId recipientId, in MessageHeader wanted)
    {
        if (!_message.Bind(1, recipientId).Bind(2, wanted.Sequence).First())
        {
            return new MessageBody(MessageBodyState.Missing, default);
        }

        try
        {
            if (!TryReadHeader(_message, out MessageHeader header))
            {
                return new MessageBody(MessageBodyState.Corrupt, default);
            }

            ReadOnlySpan<byte> body = _message.Blob(6);
            if (MessageChecksum.Compute(recipientId, header, body) != _message.Integer(5))
            {
                return new MessageBody(MessageBodyState.Corrupt, default);
            }

            // A sequence number may be used again once its message is gone.
            return header.MessageId == wanted.MessageId
                ? new MessageBody(MessageBodyState.Found, body.ToArray())
                : new MessageBody(MessageBodyState.Missing, default);
        }
        finally
        {
            _message.Reset();
        }
    }

    /// <summary>The blobs of a link.</summary>
    public LinkData? ReadLink(in EntityId linkId)
    {
        if (!_link.Bind(1, linkId).First())
        {
            return null;
        }

        var data = new LinkData(_link.Blob(0).ToArray(), _link.Blob(1).ToArray());
        _link.Reset();
        return data;
    }

    /// <summary>Waiting notifications, oldest first.</summary>
    public List<StoredNotification> ReadNotifications(in EntityId notifierId)
    {
        var found = new List<StoredNotification>();
        try
        {
            _notifications.Bind(1, notifierId);
            while (_notifications.Step())
            {
                if (QueueRow.TryReadId(_notifications, 0, out EntityId? messageId) && messageId is not null
                    && QueueRow.TryReadId(_notifications, 2, out EntityId? nonce) && nonce is not null)
                {
                    found.Add(new StoredNotification(messageId.Value, _notifications.Integer(1), nonce.Value, _notifications.Blob(3).ToArray()));
                }
                else
                {
                    _log.DamagedRow("notifications");
                }
            }
        }
        finally
        {
            _notifications.Reset();
        }

        return found;
    }

    /// <summary>One page of the search for expired messages, which reads nothing but its index.</summary>
    public (IReadOnlyList<EntityId> Queues, ExpiryCursor? Cursor) FindExpired(long olderThan, ExpiryCursor cursor, int limit)
    {
        var found = new HashSet<EntityId>();
        int rows = 0;
        try
        {
            _expired.Bind(1, olderThan).Bind(2, cursor.Timestamp).Bind(3, cursor.Number).Bind(4, StoreLimits.ExpiryScanRows);
            while (found.Count < limit && _expired.Step())
            {
                rows++;
                cursor = new ExpiryCursor(_expired.Integer(0), _expired.Integer(1));
                if (QueueRow.TryReadId(_expired, 2, out EntityId? id) && id is not null)
                {
                    found.Add(id.Value);
                }
            }
        }
        finally
        {
            _expired.Reset();
        }

        return ([.. found], found.Count < limit && rows < StoreLimits.ExpiryScanRows ? null : cursor);
    }

    /// <summary>One page of the search for queues that nobody uses. It reads all queues: an index would cost every use of a queue something.</summary>
    public (IReadOnlyList<EntityId> Queues, EntityId? Next) FindUnused(UnusedSince since, in EntityId after, int limit)
    {
        var found = new List<EntityId>();
        EntityId? last = null;
        int rows = 0;
        try
        {
            _lastUsed.Bind(1, after).Bind(2, StoreLimits.UnusedScanRows);
            while (found.Count < limit && _lastUsed.Step())
            {
                rows++;
                if (!QueueRow.TryReadId(_lastUsed, 0, out EntityId? id) || id is null)
                {
                    _log.DamagedRow("queues");
                    continue;
                }

                last = id;
                long day = _lastUsed.Integer(1);
                if (day > 0 && (day < since.Day || (_lastUsed.Integer(2) != 0 && day < since.SuspendedDay)))
                {
                    found.Add(id.Value);
                }
            }
        }
        finally
        {
            _lastUsed.Reset();
        }

        return (found, found.Count < limit && rows < StoreLimits.UnusedScanRows ? null : last);
    }

    /// <summary>How much is stored.</summary>
    public StoreCounts Count() => new(
        _database.Scalar("SELECT count(*) FROM queues"),
        _database.Scalar("SELECT count(*) FROM messages"),
        _database.Scalar("SELECT count(*) FROM queues WHERE notifier_id IS NOT NULL"),
        _database.Scalar("SELECT count(*) FROM notifications"))
    {
        RcvServices = _database.Scalar("SELECT count(*) FROM services WHERE role = 'M'"),
        RcvServiceQueues = _database.Scalar("SELECT sum(queue_count) FROM services WHERE role = 'M'"),
        NtfServices = _database.Scalar("SELECT count(*) FROM services WHERE role = 'N'"),
        NtfServiceQueues = _database.Scalar("SELECT sum(queue_count) FROM services WHERE role = 'N'"),
    };

    /// <summary>The statistics; null when none are stored.</summary>
    public StoredStatistics? ReadStatistics() => StatisticsRows.Read(_database, _log);

    /// <summary>The ended periods of the statistics.</summary>
    public IReadOnlyList<StatisticsPeriod> ReadPeriods() => StatisticsRows.ReadPeriods(_database);

    /// <summary>Bytes of the pages in use.</summary>
    public long Measure() =>
        (_database.Scalar("PRAGMA page_count") - _database.Scalar("PRAGMA freelist_count")) * _database.Scalar("PRAGMA page_size");

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static bool TryReadHeader(SqliteStatement row, out MessageHeader header)
    {
        bool valid = QueueRow.TryReadId(row, 1, out EntityId? messageId) && messageId is not null;
        header = valid ? new MessageHeader(row.Integer(0), messageId!.Value, row.Integer(2), row.Integer(3) != 0, row.Integer(4) != 0) : default;
        return valid;
    }

    private QueueRecord? LoadRecord(in EntityId id)
    {
        if (!_queue.Bind(1, id).First())
        {
            return null;
        }

        if (!QueueRow.TryRead(_queue, out QueueRecord? record))
        {
            _log.DamagedRow("queues");
        }

        _queue.Reset();
        return record;
    }

    private MessageHeader[] LoadHeaders(in EntityId id)
    {
        List<MessageHeader>? headers = null;
        try
        {
            _headers.Bind(1, id);
            while (_headers.Step())
            {
                if (TryReadHeader(_headers, out MessageHeader header))
                {
                    (headers ??= []).Add(header);
                }
                else
                {
                    _log.DamagedRow("messages");
                }
            }
        }
        finally
        {
            _headers.Reset();
        }

        return headers is null ? [] : [.. CollectionsMarshal.AsSpan(headers)];
    }
}
