using SimplexActors.Testing;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Waits for what happens in the server.</summary>
internal static class PostgresWaits
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns once a session of the database waits for a lock.</summary>
    public static Task UntilBlockedAsync(PostgresDatabase database) =>
        UntilAsync(database, "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')");

    /// <summary>Returns once a query says true.</summary>
    public static async Task UntilAsync(PostgresDatabase database, string query)
    {
        while (!await database.ScalarAsync<bool>(query))
        {
            await Task.Delay(Pause, Xunit.TestContext.Current.CancellationToken);
        }
    }
}
