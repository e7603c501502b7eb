using Npgsql;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>
/// Hears when another node changed owners or members, over a connection of its own. Only a short cut: what it misses
/// is seen with the next heartbeat.
/// </summary>
internal sealed class ClusterListener(NpgsqlDataSource source, TimeSpan retryPause, TimeProvider time, Action<NodeNumber> changed)
{
    /// <summary>Listens until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception outage) when (ClusterDatabase.IsOutage(outage))
            {
                // The heartbeats, which go to the same database, tell the operator.
                await Task.Delay(retryPause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, notification) =>
            changed(long.TryParse(notification.Payload, out long node) ? new NodeNumber(node) : NodeNumber.None);
        await using (var listen = new NpgsqlCommand(ClusterSql.Listen, connection))
        {
            await listen.ExecuteNonQueryAsync(cancellation);
        }

        changed(NodeNumber.None);
        while (true)
        {
            await connection.WaitAsync(cancellation);
        }
    }
}
