using Npgsql;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Storage.Postgres;

namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>
/// Connections for membership and ownership, apart from those that entities use: a busy pool must not delay a heartbeat,
/// and a database that hangs must be noticed while the lease is valid.
/// </summary>
public static class ClusterDataSource
{
    /// <summary>Makes the source. Its connections are not pooled; two are open as long as a node is a member.</summary>
    /// <param name="connectionString">Leads to the database.</param>
    /// <param name="options">Times of the cluster.</param>
    /// <param name="node">Name of the node that connects; empty for who is none.</param>
    public static NpgsqlDataSource Create(string connectionString, OwnershipOptions options, string node = "")
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        int milliseconds = Math.Max(1, (int)options.QuestionTimeout.TotalMilliseconds);
        int seconds = (milliseconds + 999) / 1000;
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = seconds,
            CommandTimeout = seconds,
            CancellationTimeout = -1,
            TcpKeepAlive = true,
            ApplicationName = SessionNames.Of(SessionNames.Cluster, node),
        };
        // A claim must outlive a crash of the server, whatever the server's default is.
        builder.Options = $"{builder.Options} -c synchronous_commit=on -c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={milliseconds}".Trim();
        return new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();
    }
}
