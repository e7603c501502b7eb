using SimplexActors.Actors.Storage.Sqlite;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>The embedded store that is copied: locked, and only read.</summary>
internal sealed class MigrationSource : IDisposable
{
    private readonly string _path;
    private readonly bool _leaveOutDamaged;
    private readonly IDisposable _lock;
    private readonly SqliteDatabase _database;

    private MigrationSource(StoreMigrationOptions options, IDisposable @lock, SqliteDatabase database) =>
        (_path, _leaveOutDamaged, _lock, _database) = (options.Source, options.LeaveOutDamaged, @lock, database);

    /// <summary>Opens it.</summary>
    /// <exception cref="StoreMigrationException">It is not there, in use, damaged, or of another version.</exception>
    public static MigrationSource Open(StoreMigrationOptions options)
    {
        string path = options.Source;
        if (!File.Exists(path))
        {
            throw new StoreMigrationException($"There is no store {path}.");
        }

        IDisposable? @lock = null;
        SqliteDatabase? database = null;
        try
        {
            @lock = StoreLock.Take(path);
            database = new SqliteDatabase(path, SqliteNative.OpenReadOnly);
            int version = SqliteMigrations.Check(database, path);
            if (version != SqliteMigrations.Latest)
            {
                throw new StoreMigrationException(
                    $"The store {path} has schema {version}, and this program copies schema {SqliteMigrations.Latest}: start and stop the router with it once.");
            }

            // One transaction over everything: an operator's own program may still write.
            database.Execute("BEGIN");
            return new MigrationSource(options, @lock, database);
        }
        catch (Exception fault)
        {
            database?.Dispose();
            @lock?.Dispose();
            throw fault switch
            {
                StoreOpenException refused => new StoreMigrationException(refused.Message, refused),
                SqliteException damaged => new StoreMigrationException($"The store {path} cannot be read: {damaged.Message}", damaged),
                _ => fault,
            };
        }
    }

    /// <summary>How many rows a table has.</summary>
    public long Count(CopiedTable table) => Guard(table, () => _database.Scalar($"SELECT count(*) FROM {table.Name}"));

    /// <summary>Goes through the rows of a table in the order of its key; the statement stands at each of them.</summary>
    /// <returns>The damaged rows that were left out.</returns>
    /// <exception cref="StoreMigrationException">A row is damaged, and none may be left out.</exception>
    public async Task<long> ReadAsync(CopiedTable table, Func<SqliteStatement, ValueTask> visit, CancellationToken cancellation)
    {
        using SqliteStatement rows = Guard(table, () => _database.PrepareOnce($"SELECT {table.ColumnList} FROM {table.Name} ORDER BY {table.Order}"));
        long damaged = 0;
        while (Guard(table, rows.Step))
        {
            cancellation.ThrowIfCancellationRequested();
            if (CopiedRow.FitsTypes(rows, table) && table.IsIntact(rows))
            {
                await visit(rows);
            }
            else
            {
                damaged++;
                if (!_leaveOutDamaged)
                {
                    throw new StoreMigrationException(
                        $"The table {table.Name} of {_path} has a damaged row; nothing is served from it. With --leave-out-damaged the rest is copied.");
                }
            }
        }

        return damaged;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database.Dispose();
        _lock.Dispose();
    }

    private T Guard<T>(CopiedTable table, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException fault)
        {
            throw new StoreMigrationException($"The table {table.Name} of {_path} cannot be read: {fault.Message}", fault);
        }
    }
}
