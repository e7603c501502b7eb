namespace SimplexActors.Actors.Storage;

/// <summary>Where the embedded store lies and how large it may grow.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file; its folder is created. Beside it lie <c>-wal</c>, <c>-shm</c> and <c>.lock</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Largest size of the database file in bytes; null: as large as the disk allows.</summary>
    public long? MaxBytes { get; init; }
}
