using System.Collections.Immutable;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>Applies single changes inside a transaction.</summary>
internal sealed class ChangeStatements(SqliteDatabase database)
{
    private readonly SqliteStatement _insertQueue = database.Prepare($"INSERT INTO queues ({QueueRow.Columns}) VALUES ({QueueRow.Parameters})");
    private readonly SqliteStatement _readAliases = database.Prepare("SELECT link_id, notifier_id, service_id, notifier_service_id FROM queues WHERE recipient_id = ?1");
    private readonly SqliteStatement _updateQueue = database.Prepare($"UPDATE queues SET {QueueRow.Assignments} WHERE recipient_id = ?1");
    private readonly SqliteStatement _updateNotifier = database.Prepare("UPDATE queues SET notifier_id = ?2 WHERE recipient_id = ?1");
    private readonly SqliteStatement _updateServices = database.Prepare("UPDATE queues SET service_id = ?2, notifier_service_id = ?3 WHERE recipient_id = ?1");
    private readonly SqliteStatement _deleteQueue = database.Prepare("DELETE FROM queues WHERE recipient_id = ?1");
    private readonly SqliteStatement _insertLink = database.Prepare("INSERT INTO links (link_id, recipient_id, fixed_data, user_data) VALUES (?1, ?2, ?3, ?4)");
    private readonly SqliteStatement _deleteLink = database.Prepare("DELETE FROM links WHERE link_id = ?1 AND recipient_id = ?2");
    private readonly SqliteStatement _ownsLink = database.Prepare("SELECT 1 FROM links WHERE link_id = ?1 AND recipient_id = ?2");

    private readonly SqliteStatement _insertMessage = database.Prepare(
        "INSERT INTO messages (recipient_id, sequence, message_id, timestamp, notify, is_quota_marker, checksum, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    private readonly SqliteStatement _deleteMessage = database.Prepare("DELETE FROM messages WHERE recipient_id = ?1 AND sequence = ?2");
    private readonly SqliteStatement _deleteMessages = database.Prepare("DELETE FROM messages WHERE recipient_id = ?1");

    private readonly SqliteStatement _insertNotification = database.Prepare(
        "INSERT INTO notifications (notifier_id, message_id, timestamp, nonce, encrypted_meta) VALUES (?1, ?2, ?3, ?4, ?5)");

    private readonly SqliteStatement _trimNotifications = database.Prepare(
        "DELETE FROM notifications WHERE notifier_id = ?1 AND notification_no <= "
        + "(SELECT notification_no FROM notifications WHERE notifier_id = ?1 ORDER BY notification_no DESC LIMIT 1 OFFSET ?2)");

    private readonly SqliteStatement _deleteNotifications = database.Prepare("DELETE FROM notifications WHERE notifier_id = ?1");

    private readonly SqliteStatement _expireNotifications = database.Prepare(
        "DELETE FROM notifications WHERE notification_no IN (SELECT notification_no FROM notifications WHERE timestamp < ?1 LIMIT ?2)");


    private readonly SqliteStatement _quarantine = database.Prepare(
        "INSERT INTO quarantine (found_at, recipient_id, sequence, message_id, timestamp, notify, is_quota_marker, checksum, body) "
        + "SELECT ?3, recipient_id, sequence, message_id, timestamp, notify, is_quota_marker, checksum, body FROM messages WHERE recipient_id = ?1 AND sequence = ?2");

    private int _trimmed;

    /// <summary>Changes of services, and counters of their queues.</summary>
    public ServiceChanges Services { get; } = new(database);

    /// <summary>Applies the changes of one set in order.</summary>
    /// <returns>False when an id belongs to another queue; the caller undoes what was applied.</returns>
    /// <exception cref="SqliteException">Also for a unique id that is taken.</exception>
    public bool Apply(ImmutableArray<QueueChange> changes)
    {
        foreach (QueueChange change in changes)
        {
            if (!Apply(change))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Moves a message to the quarantine.</summary>
    public void Quarantine(in EntityId recipientId, long sequence, long foundAt)
    {
        _quarantine.Bind(1, recipientId).Bind(2, sequence).Bind(3, foundAt).Execute();
        _deleteMessage.Bind(1, recipientId).Bind(2, sequence).Execute();
    }

    /// <summary>Deletes at most <see cref="StoreLimits.NotificationScanRows"/> old notifications; returns how many.</summary>
    public int ExpireNotifications(long olderThan)
    {
        _expireNotifications.Bind(1, olderThan).Bind(2, StoreLimits.NotificationScanRows).Execute();
        return database.Changes;
    }

    /// <summary>Takes the number of notifications that were dropped for newer ones since the last call.</summary>
    public int TakeTrimmed()
    {
        int trimmed = _trimmed;
        _trimmed = 0;
        return trimmed;
    }

    private bool Apply(QueueChange change)
    {
        switch (change)
        {
            case QueueChange.AddMessage add:
                AddMessage(add);
                return true;
            case QueueChange.DeleteMessage delete:
                _deleteMessage.Bind(1, delete.RecipientId).Bind(2, delete.Sequence).Execute();
                return true;
            case QueueChange.Create create:
                Create(create);
                return true;
            case QueueChange.Update update:
                return Update(update);
            case QueueChange.Delete delete:
                Delete(delete.RecipientId);
                return true;
            case QueueChange.AddNotification add:
                AddNotification(add);
                return true;
            case QueueChange.DeleteNotifications delete:
                _deleteNotifications.Bind(1, delete.NotifierId).Execute();
                return true;
            case QueueChange.ServiceQueue queue:
                return Services.Toggle(queue.ServiceId, queue.EntityId, queue.Added);
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change.GetType(), null);
        }
    }

    private void AddMessage(QueueChange.AddMessage add)
    {
        MessageHeader header = add.Header;
        ReadOnlySpan<byte> body = add.Body.Span;
        _insertMessage
            .Bind(1, add.RecipientId)
            .Bind(2, header.Sequence)
            .Bind(3, header.MessageId)
            .Bind(4, header.Timestamp)
            .Bind(5, header.Notify)
            .Bind(6, header.IsQuotaMarker)
            .Bind(7, MessageChecksum.Compute(add.RecipientId, header, body))
            .ExecuteWith(8, body);
    }

    private void Create(QueueChange.Create create)
    {
        QueueRow.Bind(_insertQueue, create.Record);
        _insertQueue.Execute();
        if (create.Record.Link is { } link && create.Link is { } data)
        {
            InsertLink(link.LinkId, create.Record.RecipientId, data);
        }
    }

    private bool Update(QueueChange.Update update)
    {
        QueueRecord record = update.Record;
        if (TryReadAliases(record.RecipientId) is not var (oldLink, oldNotifier, oldService, oldNotifierService))
        {
            throw new InvalidOperationException("A queue that is to be updated is not stored.");
        }

        EntityId? newLink = record.Link?.LinkId;
        if (oldLink is { } old && (old != newLink || update.Link is not null))
        {
            _deleteLink.Bind(1, old).Bind(2, record.RecipientId).Execute();
        }

        if (newLink is { } linkId)
        {
            if (update.Link is { } data)
            {
                InsertLink(linkId, record.RecipientId, data);
            }
            else if (linkId != oldLink && !OwnsLink(linkId, record.RecipientId))
            {
                return false;
            }
        }

        QueueRow.BindMutable(_updateQueue, record);
        _updateQueue.Execute();
        if (record.Notifier?.NotifierId != oldNotifier)
        {
            _updateNotifier.Bind(1, record.RecipientId);
            QueueRow.BindOptional(_updateNotifier, 2, record.Notifier?.NotifierId);
            _updateNotifier.Execute();
        }

        if (record.ServiceId != oldService || record.Notifier?.ServiceId != oldNotifierService)
        {
            _updateServices.Bind(1, record.RecipientId);
            QueueRow.BindOptional(_updateServices, 2, record.ServiceId);
            QueueRow.BindOptional(_updateServices, 3, record.Notifier?.ServiceId);
            _updateServices.Execute();
        }

        return true;
    }

    private void Delete(in EntityId recipientId)
    {
        Aliases? aliases = TryReadAliases(recipientId);
        if (aliases?.Link is { } linkId)
        {
            _deleteLink.Bind(1, linkId).Bind(2, recipientId).Execute();
        }

        if (aliases?.Notifier is { } notifierId)
        {
            _deleteNotifications.Bind(1, notifierId).Execute();
        }

        _deleteMessages.Bind(1, recipientId).Execute();
        _deleteQueue.Bind(1, recipientId).Execute();
    }

    private void AddNotification(QueueChange.AddNotification add)
    {
        StoredNotification notification = add.Notification;
        _insertNotification
            .Bind(1, add.NotifierId)
            .Bind(2, notification.MessageId)
            .Bind(3, notification.Timestamp)
            .Bind(4, notification.Nonce)
            .Bind(5, notification.EncryptedMeta.Span)
            .Execute();
        _trimNotifications.Bind(1, add.NotifierId).Bind(2, add.Keep).Execute();
        _trimmed += database.Changes;
    }

    private void InsertLink(in EntityId linkId, in EntityId recipientId, LinkData data) =>
        _insertLink.Bind(1, linkId).Bind(2, recipientId).Bind(3, data.Fixed.Span).ExecuteWith(4, data.User.Span);

    private bool OwnsLink(in EntityId linkId, in EntityId recipientId)
    {
        if (!_ownsLink.Bind(1, linkId).Bind(2, recipientId).First())
        {
            return false;
        }

        _ownsLink.Reset();
        return true;
    }

    private Aliases? TryReadAliases(in EntityId recipientId)
    {
        if (!_readAliases.Bind(1, recipientId).First())
        {
            return null;
        }

        QueueRow.TryReadId(_readAliases, 0, out EntityId? link);
        QueueRow.TryReadId(_readAliases, 1, out EntityId? notifier);
        QueueRow.TryReadId(_readAliases, 2, out EntityId? service);
        QueueRow.TryReadId(_readAliases, 3, out EntityId? notifierService);
        _readAliases.Reset();
        return new Aliases(link, notifier, service, notifierService);
    }

    /// <summary>The columns of a queue that other tables or indexes depend on.</summary>
    private sealed record Aliases(EntityId? Link, EntityId? Notifier, EntityId? Service, EntityId? NotifierService);
}
