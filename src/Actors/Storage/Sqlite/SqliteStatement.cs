using System.Text;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>
/// A prepared statement. Parameters count from 1, columns from 0. Whoever steps it resets it before the end
/// of the transaction; spans of columns are valid until the next step or reset.
/// </summary>
internal sealed unsafe class SqliteStatement(SqliteDatabase database, nint handle) : IDisposable
{
    private const int NullType = 5;
    private nint _handle = handle;

    /// <summary>Binds bytes; SQLite copies them.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        byte none = 0;
        fixed (byte* start = value)
        {
            // A null pointer would bind NULL instead of a blob of no bytes.
            database.Check(SqliteNative.BindBlob(_handle, index, start is null ? &none : start, value.Length, SqliteNative.Transient));
        }

        return this;
    }

    /// <summary>Binds an id.</summary>
    public SqliteStatement Bind(int index, in EntityId value) => Bind(index, value.Bytes);

    /// <summary>Binds an integer.</summary>
    public SqliteStatement Bind(int index, long value)
    {
        database.Check(SqliteNative.BindInteger(_handle, index, value));
        return this;
    }

    /// <summary>Binds a boolean as 0 or 1.</summary>
    public SqliteStatement Bind(int index, bool value) => Bind(index, value ? 1L : 0L);

    /// <summary>Binds text, or NULL.</summary>
    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        byte[] text = Encoding.UTF8.GetBytes(value);
        byte none = 0;
        fixed (byte* start = text)
        {
            database.Check(SqliteNative.BindText(_handle, index, start is null ? &none : start, text.Length, SqliteNative.Transient));
        }

        return this;
    }

    /// <summary>Binds NULL.</summary>
    public SqliteStatement BindNull(int index)
    {
        database.Check(SqliteNative.BindNull(_handle, index));
        return this;
    }

    /// <summary>Runs the statement with <paramref name="value"/> bound where it lies, without a copy.</summary>
    public void ExecuteWith(int index, ReadOnlySpan<byte> value)
    {
        byte none = 0;
        fixed (byte* start = value)
        {
            database.Check(SqliteNative.BindBlob(_handle, index, start is null ? &none : start, value.Length, SqliteNative.Static));
            Execute();
            database.Check(SqliteNative.BindNull(_handle, index));
        }
    }

    /// <summary>Runs a statement that gives no rows, and resets it.</summary>
    public void Execute()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Step()
    {
        int code = SqliteNative.Step(_handle);
        database.Check(code);
        return code == SqliteNative.Row;
    }

    /// <summary>Ends the run; its error, if any, was thrown by <see cref="Step"/>.</summary>
    public void Reset() => _ = SqliteNative.Reset(_handle);

    /// <summary>True for NULL.</summary>
    public bool IsNull(int column) => SqliteNative.ColumnType(_handle, column) == NullType;

    /// <summary>Bytes of a blob or UTF-8 of a text; empty for NULL.</summary>
    public ReadOnlySpan<byte> Blob(int column)
    {
        byte* start = SqliteNative.ColumnBlob(_handle, column);
        return new ReadOnlySpan<byte>(start, SqliteNative.ColumnBytes(_handle, column));
    }

    /// <summary>An integer.</summary>
    public long Integer(int column) => SqliteNative.ColumnInteger(_handle, column);

    /// <summary>Runs for one row: true when there is one, and then the caller resets.</summary>
    public bool First()
    {
        bool found = false;
        try
        {
            found = Step();
        }
        finally
        {
            if (!found)
            {
                Reset();
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle != 0)
        {
            _ = SqliteNative.Finish(_handle);
            _handle = 0;
        }
    }
}
