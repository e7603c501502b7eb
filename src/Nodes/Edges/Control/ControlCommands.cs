using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>Answers the commands of the control port (section 12.2), each with lines.</summary>
/// <param name="queues">Carries out what concerns one queue.</param>
/// <param name="report">Tells about the running process.</param>
/// <param name="statistics">What was counted.</param>
/// <param name="store">What is stored.</param>
/// <param name="stop">Begins to stop the router, as SIGTERM does.</param>
internal sealed class ControlCommands(QueueOperator queues, RouterReport report, StatisticsKeeper statistics, IQueueStore store, Action stop)
{
    /// <summary>Answer when the store cannot be used now.</summary>
    public const string StoreUnavailable = "error: STORE {storeErr = \"temporarily unavailable\"}";

    /// <summary>Answer of a router that begins to stop.</summary>
    public const string Draining = "draining";

    private const string Help = "commands: stats, stats-rts, clients, sockets, socket-threads, threads, server-info, delete, save, help, quit";

    /// <summary>The answer to a command that the role may give.</summary>
    public async Task<IEnumerable<string>> AnswerAsync(ControlCommand command, ControlRole role, CancellationToken cancellation) => command switch
    {
        QueueControlCommand queue => [await queues.TellAsync(queue, cancellation)],
        { Word: "help" } => [Help],
        { Word: "suspend" or "resume" } => [$"{command.Word} not implemented"],
        { Word: "clients" } => report.Clients(),
        { Word: "stats" } => await StatisticsAsync(role, cancellation),
        { Word: "stats-rts" } => [RouterReport.Runtime()],
        { Word: "threads" } => RouterReport.Threads(),
        { Word: "sockets" } => report.Sockets(),
        { Word: "socket-threads" } => ["Not available: sockets have no threads of their own"],
        { Word: "server-info" } => await report.ServerAsync(role),
        { Word: "save" } => await SaveAsync(cancellation),
        { Word: "drain" } => [Draining],
        _ => throw new InvalidOperationException($"No answer to {command.Word}."),
    };

    /// <summary>What follows a command once it is answered: the end of the sessions takes answers with it that were not sent.</summary>
    public void Answered(ControlCommand command)
    {
        if (command.Word == "drain")
        {
            stop();
        }
    }

    private async Task<IEnumerable<string>> StatisticsAsync(ControlRole role, CancellationToken cancellation)
    {
        try
        {
            StoreCounts stored = await store.CountAsync(cancellation);
            return StatisticsText.Lines(statistics.Statistics.Snapshot, stored, role is ControlRole.Admin);
        }
        catch (StoreUnavailableException)
        {
            return [StoreUnavailable];
        }
    }

    /// <summary>Queues and messages are always saved; what was counted is saved now. Nothing is closed (S-493, O-616).</summary>
    private async Task<IEnumerable<string>> SaveAsync(CancellationToken cancellation)
    {
        const string Begun = "saving server state...";
        try
        {
            await statistics.SaveAsync(cancellation);
            return [Begun, "server state saved!"];
        }
        catch (StoreUnavailableException)
        {
            return [Begun, StoreUnavailable];
        }
    }
}
