using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>A PostgreSQL database of one test, and stores on it.</summary>
public sealed class PostgresTestStore(PostgresServer server)
{
    private PostgresDatabase? _database;

    /// <summary>The database; made when it is first asked for.</summary>
    public async Task<PostgresDatabase> DatabaseAsync()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        return _database ??= await server.CreateDatabaseAsync();
    }

    /// <summary>Opens a store of a node.</summary>
    public async Task<IQueueStore> OpenAsync(string node = "", ILogger<PostgresQueueStore>? logger = null) =>
        await OpenAsync((await DatabaseAsync()).ConnectionString, node, logger);

    /// <summary>Opens a store by another way to a database.</summary>
    public static async Task<PostgresQueueStore> OpenAsync(string connectionString, string node = "", ILogger<PostgresQueueStore>? logger = null, TimeProvider? time = null) =>
        await PostgresQueueStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = connectionString, Node = node },
            logger ?? NullLogger<PostgresQueueStore>.Instance,
            time ?? TimeProvider.System,
            TestContext.Current.CancellationToken);

    /// <summary>Removes the database.</summary>
    public ValueTask RemoveAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
