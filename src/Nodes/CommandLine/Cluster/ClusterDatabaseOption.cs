using System.CommandLine;
using Npgsql;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>The cluster that a command looks at: that of a configuration, or of a database that is given.</summary>
internal sealed class ClusterDatabaseOption
{
    private readonly Option<string> _file = StartCommand.ConfigOption();
    private readonly Option<string> _database = new("--database")
    {
        Description = "Connection string, instead of the configuration's; others on this machine may see it",
        HelpName = "STRING",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_database);
    }

    /// <summary>The database, not connected yet, and the times of the cluster.</summary>
    /// <exception cref="CommandFailure">None is given.</exception>
    /// <exception cref="ConfigException">The configuration cannot be used.</exception>
    public (NpgsqlDataSource Source, OwnershipOptions Options) Open(ParseResult parsed)
    {
        if (parsed.GetValue(_database) is { } given)
        {
            Parsed<string> database = StoreConfig.ParsePostgres(given);
            return database.Success
                ? (ClusterDataSource.Create(database.Value, new OwnershipOptions()), new OwnershipOptions())
                : throw new CommandFailure($"--database (not shown): must be {database.Allowed}");
        }

        string file = parsed.GetRequiredValue(_file);
        RouterConfig config = ConfigLoader.Load(StartCommand.Existing(file), new Dictionary<string, string>());
        return config.Store.Postgres is { } postgres
            ? (ClusterDataSource.Create(postgres, config.Cluster.Ownership), config.Cluster.Ownership)
            : throw new CommandFailure($"{file}: not the configuration of a cluster node: set cluster.node and store.postgres, or give --database");
    }

    /// <summary>Why the database of a cluster cannot be read, in one line.</summary>
    public static string Describe(NpgsqlException fault, NpgsqlDataSource source) => fault is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }
        ? $"The database {PostgresErrors.Place(source.ConnectionString)} has no cluster: no node has ever joined."
        : PostgresErrors.Describe(fault, PostgresErrors.Place(source.ConnectionString));
}
