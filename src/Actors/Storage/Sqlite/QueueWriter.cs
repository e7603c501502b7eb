using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>The connection that writes: transactions over sets of changes, quarantine, checkpoints. Used by one thread.</summary>
internal sealed class QueueWriter : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly StoreLog _log;
    private readonly ChangeStatements _changes;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _savepoint;
    private readonly SqliteStatement _undo;
    private readonly SqliteStatement _release;
    private int _checkpointAt = StoreLimits.CheckpointPages;
    private bool _checkpointFailed;
    private bool _writesFail;
    private long _notificationsLost;

    /// <summary>Takes over <paramref name="database"/>.</summary>
    public QueueWriter(SqliteDatabase database, StoreLog log)
    {
        _database = database;
        _log = log;
        _changes = new ChangeStatements(database);
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _commit = database.Prepare("COMMIT");
        _savepoint = database.Prepare("SAVEPOINT one_set");
        _undo = database.Prepare("ROLLBACK TO one_set");
        _release = database.Prepare("RELEASE one_set");
        database.WatchLog();
    }

    /// <summary>Applies all sets in one transaction.</summary>
    public CommitResult Commit(IReadOnlyList<WriteSet<QueueChange>> sets) => Commit(sets, MayConflict, _changes.Apply);

    /// <summary>Applies all sets of services in one transaction.</summary>
    public CommitResult Commit(IReadOnlyList<WriteSet<ServiceChange>> sets) => Commit(sets, _ => true, _changes.Services.Apply);

    /// <summary>Deletes services that nobody uses.</summary>
    public (CommitResult Result, int Deleted) DeleteUnusedServices(int day)
    {
        int deleted = 0;
        CommitResult result = Transaction(() => deleted = _changes.Services.DeleteUnused(day));
        return (result, deleted);
    }

    private CommitResult Commit<TChange>(
        IReadOnlyList<WriteSet<TChange>> sets, Func<ImmutableArray<TChange>, bool> mayConflict, Func<ImmutableArray<TChange>, bool> apply)
    {
        ImmutableArray<int>.Builder? conflicts = null;
        CommitResult result = Transaction(() =>
        {
            for (int i = 0; i < sets.Count; i++)
            {
                if (!TryApply(sets[i].Changes, mayConflict, apply))
                {
                    (conflicts ??= ImmutableArray.CreateBuilder<int>()).Add(i);
                }
            }
        });
        return result.Outcome is CommitOutcome.Committed && conflicts is not null
            ? result with { Conflicts = conflicts.ToImmutable() }
            : result;
    }

    /// <summary>Waiting notifications that were dropped for newer ones; any thread.</summary>
    public long NotificationsLost => Volatile.Read(ref _notificationsLost);

    /// <summary>Stores the statistics.</summary>
    public CommitResult Write(StatisticsUpdate update) => Transaction(() => StatisticsRows.Write(_database, update));

    /// <summary>Moves a damaged message out of its queue.</summary>
    public CommitResult Quarantine(EntityId recipientId, long sequence, long foundAt) =>
        Transaction(() => _changes.Quarantine(recipientId, sequence, foundAt));

    /// <summary>Deletes one page of old notifications.</summary>
    /// <returns>How the transaction ended, and how many were deleted; fewer than a page when there are no more.</returns>
    public (CommitResult Result, int Deleted) ExpireNotifications(long olderThan)
    {
        int deleted = 0;
        CommitResult result = Transaction(() => deleted = _changes.ExpireNotifications(olderThan));
        return (result, deleted);
    }

    /// <summary>
    /// Copies the log into the database once it is long. Runs after a commit was answered, on the writer's own
    /// thread: beside a busy writer the log would never be empty and so would grow.
    /// </summary>
    public void CheckpointIfDue()
    {
        int pages = _database.LogPages;
        if (pages < StoreLimits.CheckpointPages)
        {
            _checkpointAt = StoreLimits.CheckpointPages;
            return;
        }

        if (pages < _checkpointAt)
        {
            return;
        }

        _checkpointAt = pages + StoreLimits.CheckpointPages;
        try
        {
            _database.Checkpoint(SqliteNative.CheckpointPassive);
            if (_checkpointFailed)
            {
                _log.CheckpointRecovered();
            }

            _checkpointFailed = false;
        }
        catch (SqliteException fault)
        {
            if (!_checkpointFailed)
            {
                _log.CheckpointFailed(fault);
            }

            _checkpointFailed = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static bool MayConflict(ImmutableArray<QueueChange> changes)
    {
        foreach (QueueChange change in changes)
        {
            if (change is QueueChange.Create or QueueChange.Update)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryApply<TChange>(
        ImmutableArray<TChange> changes, Func<ImmutableArray<TChange>, bool> mayConflict, Func<ImmutableArray<TChange>, bool> apply)
    {
        if (!mayConflict(changes))
        {
            apply(changes);
            return true;
        }

        _savepoint.Execute();
        bool applied = false;
        try
        {
            applied = apply(changes);
        }
        catch (SqliteException taken) when (taken.IsUniqueViolation)
        {
            // A conflict: the set is undone below.
        }

        if (!applied)
        {
            _undo.Execute();
        }

        _release.Execute();
        return applied;
    }

    private CommitResult Transaction(Action work)
    {
        bool committing = false;
        try
        {
            _begin.Execute();
            work();
            committing = true;
            _commit.Execute();
            Volatile.Write(ref _notificationsLost, _notificationsLost + _changes.TakeTrimmed());
            if (_writesFail)
            {
                _log.WritesRecovered();
                _writesFail = false;
            }

            return CommitResult.Committed;
        }
        catch (Exception fault)
        {
            // An error while the commit record was written or flushed may have come after it reached the disk.
            bool unknown = committing && fault is SqliteException { Primary: SqliteException.InputOutput };
            unknown |= !TryRollBack(fault);
            _changes.TakeTrimmed();
            if (!_writesFail)
            {
                _log.WritesFail(fault);
                _writesFail = true;
            }

            return new CommitResult(unknown ? CommitOutcome.Unknown : CommitOutcome.Failed, [], fault);
        }
    }

    private bool TryRollBack(Exception cause)
    {
        try
        {
            if (_database.InTransaction)
            {
                _database.Execute("ROLLBACK");
            }

            return true;
        }
        catch (SqliteException fault)
        {
            _log.RollbackFailed(new AggregateException(cause, fault));
            return false;
        }
    }
}
