using Npgsql;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>One connection that writes, and the server's process behind it.</summary>
internal sealed class WriteSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private WriteSession(NpgsqlConnection connection, ServerProcess process)
    {
        _connection = connection;
        Process = process;
    }

    /// <summary>Who carries out what is sent.</summary>
    public ServerProcess Process { get; }

    /// <summary>Connects.</summary>
    public static async Task<WriteSession> OpenAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()", connection);
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            return new WriteSession(connection, new ServerProcess(row.GetInt32(0), row.GetDateTime(1)));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Statements to run together: as one transaction, unless one was begun.</summary>
    public NpgsqlBatch Batch() => new(_connection);

    /// <summary>Runs one statement without a result.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>False when the server behind the connection ended, or is out of reach.</summary>
    public async Task<bool> IsThereAsync()
    {
        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (Exception gone) when (gone is NpgsqlException or TimeoutException or IOException)
        {
            return false;
        }
    }

    /// <summary>Gives the connection back.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
