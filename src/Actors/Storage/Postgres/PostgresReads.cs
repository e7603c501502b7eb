using System.Net.Sockets;
using Npgsql;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Runs reads: after everything is settled, each on a connection of its own and as of one moment.</summary>
internal sealed class PostgresReads(NpgsqlDataSource source, UnsettledProcesses unsettled, StoreCondition condition)
{
    private volatile bool _isClosed;

    /// <summary>Runs statements and reads their results; both may happen twice, over two connections.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async Task<TResult> RunAsync<TResult>(Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, Task<TResult>> read, CancellationToken cancellation)
    {
        if (_isClosed)
        {
            throw new StoreUnavailableException("The store is closed.");
        }

        try
        {
            await unsettled.SettleAsync(cancellation);
            TResult result = await source.AskAsync(
                async connection =>
                {
                    await using var batch = new NpgsqlBatch(connection);
                    fill(batch);
                    await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellation);
                    return await read(rows);
                },
                cancellation);
            condition.Works();
            return result;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException or SocketException or InvalidOperationException)
        {
            condition.Fails(fault);
            throw new StoreUnavailableException("The store cannot be read.", fault);
        }
        catch (StoreUnavailableException fault)
        {
            condition.Fails(fault);
            throw;
        }
    }

    /// <summary>Reads all rows of one statement.</summary>
    public Task<List<TRow>> ListAsync<TRow>(Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellation) =>
        RunAsync(fill, rows => ListAsync(rows, read, cancellation), cancellation);

    /// <summary>Reads the first row of one statement; default when there is none.</summary>
    public Task<TRow?> FirstAsync<TRow>(Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, TRow?> read, CancellationToken cancellation) =>
        RunAsync(fill, async rows => await rows.ReadAsync(cancellation) ? read(rows) : default, cancellation);

    /// <summary>Reads all rows of the current statement.</summary>
    public static async Task<List<TRow>> ListAsync<TRow>(NpgsqlDataReader rows, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellation)
    {
        var found = new List<TRow>();
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(read(rows));
        }

        return found;
    }

    /// <summary>Refuses further reads.</summary>
    public void Close() => _isClosed = true;
}
