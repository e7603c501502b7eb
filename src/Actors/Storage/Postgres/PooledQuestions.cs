using System.Net.Sockets;
using Npgsql;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Questions over pooled connections, which may have outlived the server that they led to.</summary>
internal static class PooledQuestions
{
    /// <summary>
    /// Asks over a connection of the pool. When that turns out to be gone, the others of the pool may be too: all are forgotten, and
    /// a new one is asked. So the question must be one that may be asked twice.
    /// </summary>
    public static async Task<TResult> AskAsync<TResult>(
        this NpgsqlDataSource source, Func<NpgsqlConnection, Task<TResult>> question, CancellationToken cancellation)
    {
        await using (NpgsqlConnection pooled = await source.OpenConnectionAsync(cancellation))
        {
            try
            {
                return await question(pooled);
            }
            catch (NpgsqlException fault) when (IsGone(fault))
            {
                source.Clear();
            }
        }

        await using NpgsqlConnection fresh = await source.OpenConnectionAsync(cancellation);
        return await question(fresh);
    }

    private static bool IsGone(NpgsqlException fault) => fault is PostgresException server
        ? server.InvariantSeverity != "ERROR"
        : fault.InnerException is IOException or SocketException;
}
