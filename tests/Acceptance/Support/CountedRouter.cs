using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>A router whose statistics are read from its store after it was stopped as an operator stops it.</summary>
public sealed class CountedRouter : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The folder of its identity and its store.</summary>
    public string Folder => _folder.Path;

    /// <summary>Runs the router on this folder, lets clients use it, and stops it.</summary>
    /// <returns>Every counter that is not zero, by its name, since the store was made.</returns>
    public async Task<IReadOnlyDictionary<string, long>> RunAsync(Func<TestRouter, Task> use, params string[] settings)
    {
        await using (TestRouter router = await TestRouter.StartAsync(Folder, settings))
        {
            await use(router);
            await router.StopAsync(RouterProgram.Sigterm);
        }

        return await ReadAsync(async store =>
        {
            HashSet<string> counters = [.. Enum.GetValues<Counter>().Select(StatisticsNames.Of)];
            StoredStatistics? stored = await store.ReadStatisticsAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(stored);
            return stored.Values.Where(value => counters.Contains(value.Name)).ToDictionary(value => value.Name, value => value.Total);
        });
    }

    /// <summary>Reads the store of the stopped router.</summary>
    public async Task<T> ReadAsync<T>(Func<IStatisticsStore, Task<T>> read)
    {
        var options = new SqliteStoreOptions { Path = Path.Combine(Folder, "store", "queues.db") };
        await using SqliteQueueStore store = await SqliteQueueStore.OpenAsync(options, NullLogger<SqliteQueueStore>.Instance, TimeProvider.System);
        return await read(store);
    }

    public void Dispose() => _folder.Dispose();
}
