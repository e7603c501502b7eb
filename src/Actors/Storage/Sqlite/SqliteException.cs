namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>An error code of SQLite with its text; bound values are never part of it.</summary>
/// <param name="code">The extended result code.</param>
/// <param name="message">SQLite's text.</param>
internal sealed class SqliteException(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public const int Busy = 5;
    public const int ReadOnly = 8;
    public const int InputOutput = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int NotADatabase = 26;

    private const int UniqueViolation = 2067;
    private const int PrimaryKeyViolation = 1555;

    /// <summary>The primary result code.</summary>
    public int Primary => code & 0xff;

    /// <summary>True when a unique id is taken.</summary>
    public bool IsUniqueViolation => code is UniqueViolation or PrimaryKeyViolation;
}
