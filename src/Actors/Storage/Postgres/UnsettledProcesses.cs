using System.Collections.Concurrent;
using Npgsql;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>
/// Processes of the server that may still be about to write what we sent before the connection broke. Until they are gone the
/// truth can change behind our back: nothing is read or written before they are ended and seen to be gone.
/// </summary>
internal sealed class UnsettledProcesses(NpgsqlDataSource source, PostgresStoreLog log) : IDisposable
{
    // Ended inside the aggregate, which comes after the join: in a condition the planner may ask it of every process there is.
    private const string EndAndCount =
        "SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a JOIN unnest($1::integer[], $2::timestamptz[]) AS r (pid, started) "
        + "ON a.pid = r.pid AND a.backend_start = r.started";

    private readonly ConcurrentDictionary<ServerProcess, bool> _processes = [];
    private readonly SemaphoreSlim _settling = new(1);

    /// <summary>A connection broke while something was under way.</summary>
    public void Add(ServerProcess process) => _processes.TryAdd(process, true);

    /// <summary>Returns once nothing is unsettled.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be asked, or a process does not end.</exception>
    public ValueTask SettleAsync(CancellationToken cancellation) => _processes.IsEmpty ? ValueTask.CompletedTask : new ValueTask(SettleAllAsync(cancellation));

    /// <inheritdoc/>
    public void Dispose() => _settling.Dispose();

    private async Task SettleAllAsync(CancellationToken cancellation)
    {
        await _settling.WaitAsync(cancellation);
        try
        {
            ServerProcess[] processes = [.. _processes.Keys];
            if (processes.Length > 0)
            {
                await source.AskAsync(connection => EndAsync(connection, processes, cancellation), cancellation);
                Array.ForEach(processes, process => _processes.TryRemove(process, out _));
                log.Settled(processes.Length);
            }
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or StoreUnavailableException))
        {
            throw new StoreUnavailableException("The database cannot be asked how the last transaction ended.", fault);
        }
        finally
        {
            _settling.Release();
        }
    }

    // The view shows a process until it undid its transaction: what it shows no longer cannot write any more.
    private static async Task<bool> EndAsync(NpgsqlConnection connection, ServerProcess[] processes, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(EndAndCount, connection);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. processes.Select(process => process.Id)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = [.. processes.Select(process => process.Started)] });
        for (TimeSpan waited = default; (long)(await command.ExecuteScalarAsync(cancellation))! > 0; waited += PostgresLimits.SettlePoll)
        {
            if (waited >= PostgresLimits.Settle)
            {
                throw new StoreUnavailableException("The database has not yet ended the connection of the last transaction.");
            }

            await Task.Delay(PostgresLimits.SettlePoll, cancellation);
        }

        return true;
    }
}
