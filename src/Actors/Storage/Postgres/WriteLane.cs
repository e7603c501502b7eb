using Npgsql;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>
/// One connection that writes, and those who wait for it. It connects when it has to; a connection that failed in any way is
/// given up, and its process in the server ended before anything else is done (<see cref="UnsettledProcesses"/>). One that
/// rested is tried first, so that a server which was started again in the meantime costs no transaction.
/// </summary>
internal sealed class WriteLane(NpgsqlDataSource source, UnsettledProcesses unsettled, StoreCondition condition, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private WriteSession? _session;
    private long _lastUse;
    private bool _isClosed;

    /// <summary>
    /// Runs <paramref name="work"/>, which says itself how it ended where the server told; anything that it throws means that
    /// nobody knows.
    /// </summary>
    /// <returns>Failed when it was not begun, and also when it was cancelled before.</returns>
    public async Task<CommitResult> RunAsync(Func<WriteSession, Task<CommitResult>> work, CancellationToken cancellation)
    {
        bool isMine = false;
        try
        {
            await _turn.WaitAsync(cancellation);
            isMine = true;
            return await ConnectAsync(cancellation) is { } fault ? new CommitResult(CommitOutcome.Failed, [], fault) : await WorkAsync(work);
        }
        catch (OperationCanceledException cancelled)
        {
            return new CommitResult(CommitOutcome.Failed, [], cancelled);
        }
        finally
        {
            if (isMine)
            {
                _turn.Release();
            }
        }
    }

    /// <summary>Runs a few statements as one transaction.</summary>
    /// <param name="fill">Appends them.</param>
    /// <param name="done">Called once they are committed.</param>
    /// <param name="cancellation">Ends the wait before they begin.</param>
    public Task<CommitResult> RunAsync(Action<NpgsqlBatch> fill, Action<NpgsqlBatch> done, CancellationToken cancellation) => RunAsync(
        async session =>
        {
            await using NpgsqlBatch batch = session.Batch();
            fill(batch);
            try
            {
                await batch.ExecuteNonQueryAsync();
                done(batch);
                return CommitResult.Committed;
            }
            catch (PostgresException fault) when (WriteFaults.Of(fault) is not WriteFault.Broken)
            {
                return new CommitResult(CommitOutcome.Failed, [], fault);
            }
        },
        cancellation);

    /// <summary>Waits for what is under way and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _isClosed = true;
        await GiveUpAsync();
        _turn.Release();
    }

    private async Task<CommitResult> WorkAsync(Func<WriteSession, Task<CommitResult>> work)
    {
        WriteSession session = _session!;
        try
        {
            CommitResult result = await work(session);
            if (result.Outcome is CommitOutcome.Committed)
            {
                condition.Works();
            }
            else
            {
                condition.Fails(result.Cause!);
            }

            return result;
        }
        catch (Exception fault)
        {
            unsettled.Add(session.Process);
            await GiveUpAsync();
            condition.Fails(fault);
            return new CommitResult(CommitOutcome.Unknown, [], fault);
        }
        finally
        {
            _lastUse = time.GetTimestamp();
        }
    }

    /// <summary>Settles and connects; returns what prevents it.</summary>
    private async Task<Exception?> ConnectAsync(CancellationToken cancellation)
    {
        if (_isClosed)
        {
            return new StoreUnavailableException("The store is closed.");
        }

        try
        {
            await unsettled.SettleAsync(cancellation);
            if (_session is { } session && time.GetElapsedTime(_lastUse) >= PostgresLimits.Rest && !await session.IsThereAsync())
            {
                await GiveUpAsync();
            }

            _session ??= await WriteSession.OpenAsync(source, cancellation);
            return null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            condition.Fails(fault);
            return fault;
        }
    }

    private async Task GiveUpAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }
}
