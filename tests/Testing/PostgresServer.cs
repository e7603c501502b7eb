using System.Globalization;
using Npgsql;
using SimplexActors.Nodes.LocalCluster;

namespace SimplexActors.Testing;

/// <summary>
/// A real PostgreSQL for the tests of one assembly: <c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c>. It starts with
/// the first database that is asked for, and goes with the test run, also when that dies.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private PrivatePostgres? _server;
    private int _databases;

    /// <summary>Whether there is a PostgreSQL to test with; tests are skipped with <see cref="Missing"/> when not.</summary>
    public static bool IsInstalled { get; } = PostgresPrograms.TryFind() is not null;

    /// <summary>Why tests are skipped.</summary>
    public static string Missing => PostgresPrograms.Missing;

    /// <summary>Starts a server for one test, which may stop and kill it.</summary>
    public static Task<PrivatePostgres> StartOwnAsync() =>
        PrivatePostgres.StartAsync(Path.Combine(Path.GetTempPath(), $"simplex-postgres-{Guid.NewGuid():N}"), isTemporary: true);

    /// <summary>Makes an empty database.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync()
    {
        PrivatePostgres server = await ServerAsync();
        string name = "test_" + Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        await PostgresDatabase.ExecuteAsync(server.ConnectionString(), $"CREATE DATABASE {name} TEMPLATE template0");
        return new PostgresDatabase(server, name);
    }

    /// <summary>Ends the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            NpgsqlConnection.ClearAllPools();
            await server.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<PrivatePostgres> ServerAsync()
    {
        await _starting.WaitAsync();
        try
        {
            return _server ??= await StartOwnAsync();
        }
        finally
        {
            _starting.Release();
        }
    }
}
