using System.Runtime.InteropServices;
using System.Text;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>One connection to a database file. Used by one thread at a time; SQLite takes no locks of its own for it.</summary>
internal sealed unsafe class SqliteDatabase : IDisposable
{
    private readonly List<SqliteStatement> _statements = [];
    private nint _handle;
    private int* _logPages;

    /// <summary>Opens <paramref name="path"/>.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="flags"><c>SQLITE_OPEN_*</c>.</param>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public SqliteDatabase(string path, int flags)
    {
        int code = SqliteNative.Open(path, out _handle, flags | SqliteNative.OpenNoMutex, 0);
        if (code != SqliteNative.Ok)
        {
            SqliteException error = _handle == 0 ? Error(code) : new SqliteException(code, Message());
            Dispose();
            throw error;
        }

        _ = SqliteNative.ExtendedResultCodes(_handle, 1);
        _ = SqliteNative.BusyTimeout(_handle, StoreLimits.BusyTimeoutMilliseconds);
    }

    /// <summary>True between the start and the end of a transaction.</summary>
    public bool InTransaction => SqliteNative.GetAutocommit(_handle) == 0;

    /// <summary>Rows that the last statement changed.</summary>
    public int Changes => SqliteNative.Changes(_handle);

    /// <summary>Pages in the log after the last commit of this connection; only with <see cref="WatchLog"/>.</summary>
    public int LogPages => _logPages is null ? 0 : *_logPages;

    /// <summary>Runs statements that give no rows.</summary>
    public void Execute(string sql) => Check(SqliteNative.Execute(_handle, sql, 0, 0, 0));

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        Check(SqliteNative.Prepare(_handle, sql, -1, SqliteNative.PreparePersistent, out nint handle, 0));
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Prepares a statement that is used seldom; the caller disposes of it.</summary>
    public SqliteStatement PrepareOnce(string sql)
    {
        Check(SqliteNative.Prepare(_handle, sql, -1, 0, out nint handle, 0));
        return new SqliteStatement(this, handle);
    }

    /// <summary>The first column of the first row, an integer.</summary>
    public long Scalar(string sql)
    {
        using SqliteStatement statement = PrepareOnce(sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    /// <summary>Counts the pages of the log from now on, and leaves its checkpoints to the caller.</summary>
    public void WatchLog()
    {
        _logPages = (int*)NativeMemory.AllocZeroed(sizeof(int));
        SqliteNative.LogHook(_handle, &OnCommitted, (nint)_logPages);
    }

    /// <summary>Copies the log into the database as far as readers allow.</summary>
    /// <returns>True when all of it was copied: the log starts anew with the next commit.</returns>
    public bool Checkpoint(int mode)
    {
        Check(SqliteNative.Checkpoint(_handle, 0, mode, out int logPages, out int copied));
        return logPages == copied;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements)
        {
            statement.Dispose();
        }

        _statements.Clear();
        if (_handle != 0)
        {
            _ = SqliteNative.Close(_handle);
            _handle = 0;
        }

        NativeMemory.Free(_logPages);
        _logPages = null;
    }

    /// <summary>Throws unless <paramref name="code"/> is success.</summary>
    public void Check(int code)
    {
        if (code is not (SqliteNative.Ok or SqliteNative.Row or SqliteNative.Done))
        {
            throw new SqliteException(code, Message());
        }
    }

    private static SqliteException Error(int code) => new(code, Text(SqliteNative.ErrorText(code)));

    private static string Text(byte* utf8) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(utf8));

    [UnmanagedCallersOnly]
    private static int OnCommitted(nint argument, nint database, byte* name, int pages)
    {
        *(int*)argument = pages;
        return SqliteNative.Ok;
    }

    private string Message() => Text(SqliteNative.ErrorMessage(_handle));
}
