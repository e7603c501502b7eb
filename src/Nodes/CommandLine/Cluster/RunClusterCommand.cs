using System.CommandLine;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Nodes.LocalCluster;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary><c>simplex-router cluster run</c>: a whole cluster on this machine, with its own PostgreSQL, to try it out.</summary>
internal static class RunClusterCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var nodes = new Option<string>("--nodes") { Description = $"Number of nodes, 1 to {LocalClusterLimits.MaxNodes}; may change from start to start", HelpName = "N", DefaultValueFactory = _ => "3" };
        var data = new Option<string>("--data") { Description = "Folder of identity, certificates, database and logs", HelpName = "DIR", DefaultValueFactory = _ => "data-cluster" };
        var port = new Option<string>("--smp-port") { Description = "Port of the first node on the loopback address, the others follow; 0 lets the system choose", HelpName = "PORT", DefaultValueFactory = _ => "5223" };
        var set = SharedOptions.SetOption();
        var command = new Command("run", "Runs a whole cluster on this machine, with a PostgreSQL of its own: for trying, not for production.") { nodes, data, port, set };
        command.SetAction((parsed, _) =>
        {
            int count = WholeNumber.Parse("--nodes", parsed.GetRequiredValue(nodes), 1, LocalClusterLimits.MaxNodes);
            int first = WholeNumber.Parse("--smp-port", parsed.GetRequiredValue(port), 0, ushort.MaxValue);
            if (first + count - 1 > ushort.MaxValue)
            {
                throw new CommandFailure($"--smp-port {first}: {count} nodes need ports up to {first + count - 1}, the last one is {ushort.MaxValue}");
            }

            Dictionary<string, string> settings = SharedOptions.ReadSet(parsed.GetValue(set));
            OwnershipOptions times = LocalClusterConfig.Check(settings);
            return LocalClusterRun.RunAsync(new LocalClusterOptions(Path.GetFullPath(parsed.GetRequiredValue(data)), count, first, settings, times));
        });
        return command;
    }
}
