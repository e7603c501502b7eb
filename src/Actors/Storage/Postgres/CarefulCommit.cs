using Npgsql;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>
/// Commits a group in which some sets conflict, or whose order matters. It tries the whole group behind a savepoint; where
/// that fails it goes back and tries each half, in order, down to single sets and where necessary single changes. So one
/// conflict among a thousand sets costs some twenty round trips.
/// </summary>
internal sealed class CarefulCommit<TChange>(WriteSession session, IChangeStatements<TChange> statements)
{
    private const string Savepoint = "SAVEPOINT part", Release = "RELEASE part", Undo = "ROLLBACK TO part";

    private readonly List<int> _conflicts = [];
    private readonly List<NpgsqlBatch> _applied = [];

    /// <summary>Commits; returns the places of the sets that were skipped.</summary>
    /// <exception cref="PostgresException">Nothing was stored, and the transaction is over.</exception>
    public async Task<List<int>> CommitAsync(WriteSet<TChange>[] group)
    {
        try
        {
            await BeginAsync(group);
            await ApplyAsync(group, 0, group.Length);
            await session.ExecuteAsync("COMMIT");
            _applied.ForEach(statements.Committed);
            return _conflicts;
        }
        catch (PostgresException fault) when (WriteFaults.Of(fault) is not WriteFault.Broken)
        {
            await session.ExecuteAsync("ROLLBACK");
            throw;
        }
        finally
        {
            foreach (NpgsqlBatch batch in _applied)
            {
                await batch.DisposeAsync();
            }
        }
    }

    private async Task BeginAsync(WriteSet<TChange>[] group)
    {
        await using NpgsqlBatch begin = session.Batch();
        begin.Add("BEGIN");
        GroupCommit<TChange>.AppendClaims(begin, group);
        await begin.ExecuteNonQueryAsync();
    }

    private async Task ApplyAsync(WriteSet<TChange>[] group, int from, int to)
    {
        if (await TryApplyAsync(group[from..to], MayConflict(group.AsSpan(from, to - from))))
        {
            return;
        }

        if (to - from == 1)
        {
            await ApplyOneAsync(group[from], from);
            return;
        }

        int middle = (from + to) / 2;
        await ApplyAsync(group, from, middle);
        await ApplyAsync(group, middle, to);
    }

    /// <summary>False when the sets must be applied in smaller groups; nothing was applied then.</summary>
    private async Task<bool> TryApplyAsync(WriteSet<TChange>[] sets, bool mayConflict)
    {
        NpgsqlBatch batch = session.Batch();
        _applied.Add(batch);
        batch.Add(Savepoint);
        if (!statements.TryAppend(batch, sets))
        {
            _applied.Remove(batch);
            await batch.DisposeAsync();
            return false;
        }

        batch.Add(Release);
        try
        {
            await batch.ExecuteNonQueryAsync();
            return true;
        }
        catch (PostgresException fault) when (WriteFaults.Of(fault) is WriteFault.Conflict && mayConflict)
        {
            await session.ExecuteAsync(Undo);
            _applied.Remove(batch);
            await batch.DisposeAsync();
            return false;
        }
    }

    /// <summary>Applies the changes of a set one after the other, all or none.</summary>
    private async Task ApplyOneAsync(WriteSet<TChange> set, int place)
    {
        if (set.Changes.Length == 1)
        {
            _conflicts.Add(place);
            return;
        }

        bool mayConflict = MayConflict([set]);
        int applied = _applied.Count;
        await session.ExecuteAsync("SAVEPOINT one_set");
        foreach (TChange change in set.Changes)
        {
            if (!await TryApplyAsync([set with { Changes = [change] }], mayConflict))
            {
                await session.ExecuteAsync("ROLLBACK TO one_set");
                _applied.RemoveRange(applied, _applied.Count - applied);
                _conflicts.Add(place);
                return;
            }
        }
    }

    private bool MayConflict(ReadOnlySpan<WriteSet<TChange>> sets)
    {
        foreach (WriteSet<TChange> set in sets)
        {
            foreach (TChange change in set.Changes)
            {
                if (statements.MayConflict(change))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
