using System.Globalization;
using Npgsql;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Makes the connections of a store: the same database, once to write and once to read.</summary>
/// <remarks>
/// Every statement of the store finds its rows through an index, and its arrays are short. So plans are made once, without
/// looking at values or statistics: an empty table whose plan was a scan would be scanned when it is full. Statements prepare
/// themselves at their second use; that needs a connection of our own, not one that a pooler shares by transaction.
/// </remarks>
internal static class PostgresSources
{
    /// <summary>How statements are planned.</summary>
    public const string Planning = "-c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    // What was confirmed is on the disk, whatever the server's default is.
    private const string Durability = "-c synchronous_commit=on";

    /// <summary>For transactions that write: locks and statements end before the client gives up, so that it knows how they ended.</summary>
    public static NpgsqlDataSource ForWriting(PostgresStoreOptions options, int connections) => Create(
        options,
        connections,
        $"{Planning} {Durability} {Setting("lock_timeout", PostgresLimits.Lock)} {Setting("statement_timeout", PostgresLimits.Statement)} "
        + Setting("idle_in_transaction_session_timeout", PostgresLimits.IdleTransaction));

    /// <summary>For reads: all statements of one call see the same moment.</summary>
    public static NpgsqlDataSource ForReading(PostgresStoreOptions options) => Create(
        options,
        options.ReadConnections,
        $"{Planning} {Setting("statement_timeout", PostgresLimits.Statement)} -c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on");

    /// <summary>Before the store is open: to check and to make its schema.</summary>
    public static NpgsqlDataSource ForOpening(PostgresStoreOptions options) => Create(options, connections: 1, Durability);

    private static NpgsqlDataSource Create(PostgresStoreOptions options, int connections, string settings)
    {
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = SessionNames.Of(SessionNames.Store, options.Node),
            Timeout = Seconds(options.ConnectTimeout),
            CommandTimeout = Seconds(options.CommandTimeout),
            MinPoolSize = 0,
            MaxPoolSize = connections,
            MaxAutoPrepare = PostgresLimits.PreparedStatements,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Enlist = false,
            TcpKeepAlive = true,
        };
        text.Options = string.IsNullOrEmpty(text.Options) ? settings : $"{text.Options} {settings}";
        return NpgsqlDataSource.Create(text.ConnectionString);
    }

    private static string Setting(string name, TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"-c {name}={(long)time.TotalMilliseconds}");

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}
