using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Storage;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>A folder of one test with a SQLite store in it.</summary>
internal sealed class TemporaryFolder
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("store-test-").FullName;

    /// <summary>The database file.</summary>
    public string Database => System.IO.Path.Combine(Path, "smp.db");

    /// <summary>Opens a store.</summary>
    public static async Task<IQueueStore> OpenStoreAsync(string database, ILogger<SqliteQueueStore>? logger = null, long? maxBytes = null) =>
        await SqliteQueueStore.OpenAsync(
            new SqliteStoreOptions { Path = database, MaxBytes = maxBytes },
            logger ?? NullLogger<SqliteQueueStore>.Instance,
            TimeProvider.System);

    /// <summary>Opens the store of this folder.</summary>
    public Task<IQueueStore> OpenStoreAsync(ILogger<SqliteQueueStore>? logger = null, long? maxBytes = null) =>
        OpenStoreAsync(Database, logger, maxBytes);

    /// <summary>Flips a bit where the closed database holds <paramref name="bytes"/>.</summary>
    public void Damage(ReadOnlySpan<byte> bytes)
    {
        byte[] file = File.ReadAllBytes(Database);
        int at = file.AsSpan().IndexOf(bytes);
        Assert.True(at >= 0);
        Overwrite(at, [(byte)(file[at] ^ 1)]);
    }

    /// <summary>Writes into the closed database.</summary>
    public void Overwrite(long at, ReadOnlySpan<byte> bytes)
    {
        using FileStream file = File.OpenWrite(Database);
        file.Position = at;
        file.Write(bytes);
    }

    /// <summary>Deletes the folder.</summary>
    public ValueTask RemoveAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
