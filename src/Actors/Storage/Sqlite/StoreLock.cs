namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>
/// Keeps a second router away from a database: an advisory lock on a file beside it, which the system releases
/// when the process ends in whatever way. The file stays.
/// </summary>
internal static class StoreLock
{
    private const int WouldBlock = 11;

    /// <summary>Takes the lock; disposing the result releases it.</summary>
    /// <exception cref="StoreOpenException">Another process holds it, or the folder cannot be written.</exception>
    public static IDisposable Take(string databasePath)
    {
        string folder = Path.GetDirectoryName(databasePath) ?? ".";
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held.HResult == WouldBlock)
        {
            throw new StoreOpenException($"The store {databasePath} is in use by another process.", held);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreOpenException($"The folder {folder} of the store cannot be written: {fault.Message}", fault);
        }
    }
}
