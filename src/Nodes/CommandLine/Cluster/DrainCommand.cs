using System.CommandLine;
using Npgsql;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Control;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>
/// <c>simplex-router cluster drain</c>: tells the node of this machine, over its control port, to give away its shards, release its
/// clients and end, as SIGTERM does; then waits until it has left the cluster.
/// </summary>
internal static class DrainCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string> file = StartCommand.ConfigOption();
        var noWait = new Option<bool>("--no-wait") { Description = "Does not wait until the node has left" };
        var command = new Command("drain", "Lets the node of this machine give away its shards, release its clients and stop.") { file, noWait };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(file);
            RouterConfig config = ConfigLoader.Load(StartCommand.Existing(path), new Dictionary<string, string>());
            if (!config.Cluster.IsOn || config.Store.Postgres is null)
            {
                throw new CommandFailure($"{path}: not the configuration of a cluster node: set cluster.node and store.postgres");
            }

            if (config.Control is not { Port: not 0, AdminPassword: not null })
            {
                throw new CommandFailure($"{path}: drain needs control.port and control.admin_password; without them send the process SIGTERM, which does the same");
            }

            await using NpgsqlDataSource source = ClusterDataSource.Create(config.Store.Postgres, config.Cluster.Ownership);
            NodeStatus? before = parsed.GetValue(noWait) ? null : await FindAsync(source, config.Cluster.Node!, cancellation);
            await AskAsync(config.Control, cancellation);
            Console.Out.WriteLine($"{config.Cluster.Node}: drains");
            return before is null ? ExitCode.Success : await WaitAsync(source, before.Node, PatienceOf(config), cancellation);
        });
        return command;
    }

    private static TimeSpan PatienceOf(RouterConfig config) => config.Cluster.DrainTime + config.Limits.StopTimeout + Margin;

    private static async Task AskAsync(ControlConfig control, CancellationToken cancellation)
    {
        IReadOnlyList<string> answer = await new AdminClient(control.Port, control.AdminPassword).AskAsync("drain", cancellation);
        if (answer is not [ControlCommands.Draining])
        {
            throw new CommandFailure($"control port {control.Port}: {string.Join(' ', answer)}");
        }
    }

    private static async Task<int> WaitAsync(NpgsqlDataSource source, ClusterNode node, TimeSpan patience, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look);
        long began = TimeProvider.System.GetTimestamp();
        int shards = -1;
        while (TimeProvider.System.GetElapsedTime(began) < patience)
        {
            // Started again under its name, it has another number.
            NodeStatus? now = await FindAsync(source, node.Name, cancellation);
            if (now is null || now.Node.Number != node.Number)
            {
                Console.Out.WriteLine($"{node.Name}: has left");
                return ExitCode.Success;
            }

            if (now.Shards != shards)
            {
                shards = now.Shards;
                Console.Out.WriteLine($"{node.Name}: {shards} shards left");
            }

            await timer.WaitForNextTickAsync(cancellation);
        }

        throw new CommandFailure($"{node.Name} has not left after {DurationText.Of(patience)}: look at its log, and at 'simplex-router cluster status'");
    }

    private static async Task<NodeStatus?> FindAsync(NpgsqlDataSource source, string name, CancellationToken cancellation)
    {
        try
        {
            ClusterStatus status = await ClusterStatusReader.ReadAsync(source, cancellation);
            return status.Nodes.FirstOrDefault(each => each.Node.Name == name);
        }
        catch (NpgsqlException e)
        {
            throw new CommandFailure(ClusterDatabaseOption.Describe(e, source), e);
        }
    }
}
