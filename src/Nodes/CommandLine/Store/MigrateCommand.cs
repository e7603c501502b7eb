using System.CommandLine;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Storage.Migration;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Hosting;

namespace SimplexActors.Nodes.CommandLine.Store;

/// <summary>
/// <c>simplex-router store migrate</c>: copies the embedded store of a stopped router into an empty PostgreSQL database, from which
/// the nodes of a cluster then serve the same queues. The source is only read.
/// </summary>
internal static class MigrateCommand
{
    /// <summary>Name of the file in the folder of a store.</summary>
    public const string DatabaseFile = "queues.db";

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string> file = StartCommand.ConfigOption();
        var data = new Option<string>("--data") { Description = "Folder of the store, instead of the configuration's", HelpName = "DIR" };
        var to = new Option<string>("--to")
        {
            Description = "Connection string of the empty database; others on this machine may see it (the password may be in PGPASSWORD)",
            HelpName = "STRING",
            Required = true,
        };
        var node = new Option<string>("--node") { Description = "Node that goes on with the statistics (its cluster.node); default: the name of this machine", HelpName = "NAME" };
        var leaveOut = new Option<bool>("--leave-out-damaged") { Description = "Leaves out rows that are damaged, which are served by no router" };
        var command = new Command("migrate", "Copies the store of a stopped router into an empty PostgreSQL database.") { file, data, to, node, leaveOut };
        command.SetAction((parsed, _) => RunAsync(new StoreMigrationOptions
        {
            Source = Path.Combine(parsed.GetValue(data) ?? FolderOf(parsed.GetRequiredValue(file)), DatabaseFile),
            Target = TargetOf(parsed.GetRequiredValue(to)),
            Node = NodeOf(parsed.GetValue(node)),
            LeaveOutDamaged = parsed.GetValue(leaveOut),
        }));
        return command;
    }

    private static async Task<int> RunAsync(StoreMigrationOptions options)
    {
        using var signals = new TerminationSignals();
        using ILoggerFactory logging = RouterLogging.Create(LogLevel.Warning);
        try
        {
            MigrationReport report = await MigrationText.WithProgressAsync(
                progress => StoreMigration.RunAsync(options, progress, logging.CreateLogger("Store"), signals.Received));
            MigrationText.Print(report, options.Node);
            return ExitCode.Success;
        }
        catch (StoreMigrationException e)
        {
            throw new CommandFailure(e.Message, e);
        }
        catch (OperationCanceledException) when (signals.Received.IsCancellationRequested)
        {
            throw new CommandFailure("interrupted: nodes do not start on the half-filled database; run this again, it starts over");
        }
    }

    private static string FolderOf(string file)
    {
        RouterConfig config = ConfigLoader.Load(StartCommand.Existing(file), new Dictionary<string, string>());
        return config.Store.Postgres is null
            ? config.Store.Folder
            : throw new CommandFailure($"{file}: the configuration of a cluster node; name the folder of the store with --data");
    }

    private static string TargetOf(string given)
    {
        Parsed<string> target = StoreConfig.ParsePostgres(given);
        return target.Success ? target.Value : throw new CommandFailure($"--to (not shown): must be {target.Allowed}");
    }

    private static string NodeOf(string? given)
    {
        string name = given ?? Environment.MachineName;
        Parsed<string> node = ClusterConfig.ParseName(name);
        return node.Success ? node.Value : throw new CommandFailure($"--node \"{name}\": must be {node.Allowed}");
    }
}
