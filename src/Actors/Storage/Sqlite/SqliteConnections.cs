using System.Globalization;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>Opens the connections of a store, and says in one line why one cannot be opened.</summary>
internal static class SqliteConnections
{
    private static readonly string[] Tables =
    [
        "queues", "links", "messages", "notifications", "quarantine", "services",
        "statistics", "statistics_state", "statistics_periods", "active_queues",
    ];

    /// <summary>The writer's connection; creates or migrates the database.</summary>
    /// <exception cref="StoreOpenException">With one line for the operator.</exception>
    public static QueueWriter OpenWriter(SqliteStoreOptions options, StoreLog log) => Explain(options.Path, () =>
    {
        var database = new SqliteDatabase(options.Path, SqliteNative.OpenReadWrite | SqliteNative.OpenCreate);
        try
        {
            int version = SqliteMigrations.Check(database, options.Path);
            Configure(database, options);
            if (version < SqliteMigrations.Latest)
            {
                SqliteMigrations.Apply(database, version);
                log.Migrated(version, SqliteMigrations.Latest);
            }

            foreach (string table in Tables)
            {
                // Not a count, which an index could answer: damage shows in the table itself.
                database.Scalar($"SELECT * FROM {table} LIMIT 1");
            }

            log.Opened(SqliteMigrations.Latest);
            return new QueueWriter(database, log);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    });

    /// <summary>A connection that reads.</summary>
    /// <exception cref="StoreOpenException">With one line for the operator.</exception>
    public static QueueReader OpenReader(SqliteStoreOptions options, StoreLog log) => Explain(options.Path, () =>
    {
        var database = new SqliteDatabase(options.Path, SqliteNative.OpenReadOnly);
        try
        {
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{StoreLimits.ReaderCacheKibibytes}"));
            return new QueueReader(database, log);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    });

    private static void Configure(SqliteDatabase database, SqliteStoreOptions options)
    {
        // The page size counts only for an empty database and must come before the journal mode. With
        // secure_delete what is deleted is overwritten, in the database and not only in its index.
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA page_size = {StoreLimits.PageBytes};
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -{StoreLimits.WriterCacheKibibytes};
            PRAGMA journal_size_limit = {StoreLimits.LogFileBytes};
            """));
        if (options.MaxBytes is { } bytes)
        {
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, bytes / database.Scalar("PRAGMA page_size"))}"));
        }
    }

    private static TResult Explain<TResult>(string path, Func<TResult> open)
    {
        try
        {
            return open();
        }
        catch (DllNotFoundException missing)
        {
            throw new StoreOpenException($"{SqliteNative.Library} was not found: install the Debian package libsqlite3-0.", missing);
        }
        catch (SqliteException fault)
        {
            string reason = fault.Primary switch
            {
                SqliteException.NotADatabase => $"The file {path} is not a database of this program, or it is damaged.",
                SqliteException.Corrupt => $"The store {path} is damaged; restore it from a backup.",
                SqliteException.Full => $"The store {path} cannot be opened: the disk is full.",
                SqliteException.Busy => $"The store {path} is in use by another process.",
                SqliteException.ReadOnly or SqliteException.CannotOpen => $"The store {path} cannot be opened for writing: {fault.Message}",
                _ => $"The store {path} cannot be opened: {fault.Message}",
            };
            throw new StoreOpenException(reason, fault);
        }
    }
}
