using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Storage;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>A folder of one test with the store in it.</summary>
internal sealed class TemporaryFolder
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("store-test-").FullName;

    /// <summary>The database file.</summary>
    public string Database => System.IO.Path.Combine(Path, "smp.db");

    /// <summary>Opens the store.</summary>
    public async Task<IQueueStore> OpenStoreAsync(ILogger<SqliteQueueStore>? logger = null, long? maxBytes = null) =>
        await SqliteQueueStore.OpenAsync(
            new SqliteStoreOptions { Path = Database, MaxBytes = maxBytes },
            logger ?? NullLogger<SqliteQueueStore>.Instance,
            TimeProvider.System);

    /// <summary>Deletes the folder.</summary>
    public ValueTask RemoveAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
