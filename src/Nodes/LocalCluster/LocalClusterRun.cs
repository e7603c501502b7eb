using Microsoft.Extensions.Logging;
using Npgsql;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Nodes.CommandLine;
using SimplexActors.Nodes.Hosting;
using Spectre.Console;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>
/// One run of a cluster on one machine, to its exit code: start everything, print the addresses, watch until a signal comes or
/// nothing is left that works, stop everything.
/// </summary>
/// <param name="options">What is wanted.</param>
/// <param name="display">Tells the user.</param>
/// <param name="signals">End the run.</param>
internal sealed class LocalClusterRun(LocalClusterOptions options, IClusterDisplay display, TerminationSignals signals)
{
    private readonly HashSet<NodeProcess> _reported = [];

    /// <summary>Runs until the first SIGINT or SIGTERM; a second one kills everything.</summary>
    /// <exception cref="StartException">The cluster cannot start for a reason that the user can remove.</exception>
    public static async Task<int> RunAsync(LocalClusterOptions options)
    {
        if (PostgresPrograms.TryFind() is null)
        {
            throw new StartException(PostgresPrograms.Missing);
        }

        using LocalClusterFolder folder = LocalClusterFolder.Open(options.Folder);
        using var signals = new TerminationSignals();
        if (Console.IsOutputRedirected)
        {
            using ILoggerFactory logging = RouterLogging.Create(LogLevel.Information);
            return await new LocalClusterRun(options, new LogDisplay(logging.CreateLogger("Cluster")), signals).RunAsync(folder);
        }

        using var terminal = new TerminalDisplay(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }));
        return await new LocalClusterRun(options, terminal, signals).RunAsync(folder);
    }

    private async Task<int> RunAsync(LocalClusterFolder folder)
    {
        display.Starting(options);
        try
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(options, folder, signals.Received);
            await ReadyAsync(cluster);
            await display.WatchAsync(() => WatchAsync(cluster));
            bool isWanted = signals.First.IsCompleted;
            display.Stopping(isWanted ? await signals.First : cluster.Postgres.Ended.IsCompleted ? "Nothing works without PostgreSQL" : "No node is left");
            IReadOnlyList<string> killed = await cluster.StopAsync();
            foreach (string node in killed)
            {
                display.Killed(node);
            }

            display.Stopped();
            return isWanted && killed.Count == 0 ? ExitCode.Success : ExitCode.Failure;
        }
        catch (OperationCanceledException) when (signals.Received.IsCancellationRequested)
        {
            display.Stopped();
            return ExitCode.Success;
        }
    }

    /// <summary>Waits until each node serves or has ended, and prints the addresses in order.</summary>
    private async Task ReadyAsync(LocalCluster cluster)
    {
        HashSet<NodeProcess> waiting = [.. cluster.Nodes];
        while (waiting.Count > 0)
        {
            await Task.WhenAny(waiting.Select(node => node.Ready)).WaitAsync(signals.Received);
            foreach (NodeProcess node in cluster.Nodes.Where(node => node.Ready.IsCompleted && waiting.Remove(node)))
            {
                if (await node.Ready is not null)
                {
                    display.Ready(node);
                }
            }

            await ReportEndedAsync(cluster);
        }

        foreach (NodeProcess node in cluster.Nodes)
        {
            if (await node.Ready is { } address)
            {
                Console.Out.WriteLine(address);
            }
        }

        await Console.Out.FlushAsync();
    }

    /// <summary>Looks at the cluster every second, and whenever a node ends, until a signal comes, or no node or no database is left.</summary>
    private async Task WatchAsync(LocalCluster cluster)
    {
        await using NpgsqlDataSource source = ClusterDataSource.Create(cluster.ConnectionString, options.Times);
        using var timer = new PeriodicTimer(LocalClusterLimits.Look);
        Task database = cluster.Postgres.Ended;
        Task<bool> tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        while (!signals.First.IsCompleted)
        {
            await ReportEndedAsync(cluster);
            List<Task> running = [.. cluster.Nodes.Select(node => node.Ended).Where(ended => !ended.IsCompleted)];
            bool isOver = running.Count == 0 || database.IsCompleted;
            if (database.IsCompleted)
            {
                display.DatabaseEnded(cluster.Postgres.LastLogLine);
            }

            display.Show(await ClusterLook.TakeAsync(cluster.Nodes, source, options.Times, CancellationToken.None));
            if (isOver)
            {
                return;
            }

            await Task.WhenAny([tick, signals.First, database, .. running]);
            if (tick.IsCompleted)
            {
                tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            }
        }
    }

    private async Task ReportEndedAsync(LocalCluster cluster)
    {
        foreach (NodeProcess node in cluster.Nodes.Where(node => node.Ended.IsCompleted && _reported.Add(node)))
        {
            display.Ended(node, node.DescribeEnd(await node.Ended));
        }
    }
}
