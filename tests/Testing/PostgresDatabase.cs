using Npgsql;
using SimplexActors.Nodes.LocalCluster;

namespace SimplexActors.Testing;

/// <summary>A database of one test.</summary>
/// <param name="server">Holds it.</param>
/// <param name="name">Its name.</param>
public sealed class PostgresDatabase(PrivatePostgres server, string name) : IAsyncDisposable
{
    /// <summary>Leads to it, as a user who may do everything.</summary>
    public string ConnectionString => server.ConnectionString(name);

    /// <summary>Runs statements on a connection of their own.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = await ConnectAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs statements.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    /// <summary>The first value that a query finds; null for none.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>A connection of the caller's own.</summary>
    public Task<NpgsqlConnection> ConnectAsync() => ConnectAsync(ConnectionString);

    /// <summary>Removes the database, whoever is connected.</summary>
    public async ValueTask DisposeAsync() => await ExecuteAsync(server.ConnectionString(), $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    private static async Task<NpgsqlConnection> ConnectAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
