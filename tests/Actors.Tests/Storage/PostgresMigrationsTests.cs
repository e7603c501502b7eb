using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>The schema of a PostgreSQL database: made once whoever starts, and left alone where it is not ours.</summary>
public sealed class PostgresMigrationsTests(PostgresServer server) : IAsyncLifetime
{
    private PostgresDatabase? _database;

    private PostgresDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        _database = await server.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Any_number_of_nodes_may_start_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ApplyAsync(Database.ConnectionString)));
        await ApplyAsync(Database.ConnectionString);
        Assert.Equal(PostgresMigrations.Latest, await Database.ScalarAsync<long>("SELECT count(*) FROM schema_version"));
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM shards"));
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await ApplyAsync(Database.ConnectionString);
        await Database.ExecuteAsync("INSERT INTO schema_version (version, name) VALUES (1000, '1000-future')");
        await AssertRefusedAsync(Database.ConnectionString, "newer version");
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_alone()
    {
        await Database.ExecuteAsync("CREATE TABLE theirs (n int)");
        await AssertRefusedAsync(Database.ConnectionString, "another program");
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        await Database.ExecuteAsync("CREATE TABLE schema_version (version int, name text); INSERT INTO schema_version VALUES (1, '0001-theirs')");
        await AssertRefusedAsync(Database.ConnectionString, "another program");
    }

    [Theory]
    [InlineData("Password", "wrong", "refuses the user or the password")]
    [InlineData("Database", "nowhere", "does not exist")]
    [InlineData("Port", "1", "cannot be reached")]
    public async Task A_wrong_setting_is_told_in_one_line(string setting, string value, string expected)
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { [setting] = value };
        await AssertRefusedAsync(settings.ConnectionString, expected);
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_is_refused()
    {
        string name = new NpgsqlConnectionStringBuilder(Database.ConnectionString).Database!;
        await Database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"ALTER DATABASE {name} SET default_transaction_read_only = on"));
        await AssertRefusedAsync(Database.ConnectionString, "takes no writes");
    }

    private static async Task ApplyAsync(string connectionString)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await PostgresMigrations.ApplyAsync(source, NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    private static async Task AssertRefusedAsync(string connectionString, string expected)
    {
        StoreOpenException refused = await Assert.ThrowsAsync<StoreOpenException>(() => ApplyAsync(connectionString));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("assword=", refused.Message, StringComparison.Ordinal);
    }
}
