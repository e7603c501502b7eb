using System.Diagnostics;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;

namespace SimplexActors.Soak;

/// <summary>
/// Many clients of one router for a long time: random valid and invalid actions, disconnects, vandals. Afterwards every queue is
/// drained: what was confirmed must have come, once, in order.
/// </summary>
/// <param name="options">How long and how hard.</param>
/// <param name="report">Hears a line of progress now and then.</param>
public sealed class SoakRun(SoakOptions options, Action<string> report)
{
    private const int AtOnce = 32;
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(15);

    private readonly SoakCounts _counts = new();
    private readonly SoakMemory _memory = new();

    /// <summary>What happened.</summary>
    public SoakCounts Counts => _counts;

    /// <summary>The router's memory.</summary>
    public SoakMemory Memory => _memory;

    /// <summary>Runs it all; returns what went wrong.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        (RouterProgram program, RouterAddress router) = await RouterProgram.StartDevAsync(folder.Path);
        await using (program)
        {
            var random = new Random(options.Seed);
            SoakClient[] clients =
            [
                .. Enumerable.Range(0, options.Clients).Select(index => new SoakClient(index, router, _counts, new Random(random.Next()))),
            ];
            report($"seed {options.Seed}: preparing {clients.Length} clients");
            await EachAsync(clients, client => client.PrepareAsync(clients));
            await LoadAsync(program, clients, [.. Enumerable.Range(0, options.Vandals).Select(_ => new SoakVandal(router, _counts, new Random(random.Next())))]);
            report("draining all queues");
            await EachAsync(clients, client => client.DrainAsync());
            program.Signal(RouterProgram.Sigterm);
            int exit = await program.ExitAsync();
            return
            [
                .. clients.SelectMany(client => client.Violations),
                .. exit == 0 ? Array.Empty<string>() : [$"the router ended with exit code {exit}"],
            ];
        }
    }

    private static Task EachAsync(SoakClient[] clients, Func<SoakClient, Task> work) => Parallel.ForEachAsync(
        clients, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (client, _) => await work(client));

    private async Task LoadAsync(RouterProgram program, SoakClient[] clients, SoakVandal[] vandals)
    {
        using var ending = new CancellationTokenSource(options.Duration);
        Task watching = WatchAsync(program, clients, ending.Token);
        await Task.WhenAll(
        [
            .. clients.Select(client => client.RunAsync(ending.Token)),
            .. vandals.Select(vandal => vandal.RunAsync(ending.Token)),
            watching,
        ]);
    }

    private async Task WatchAsync(RouterProgram program, SoakClient[] clients, CancellationToken ending)
    {
        var facts = new ProcessFacts(program.Id);
        long began = Stopwatch.GetTimestamp();
        TimeSpan next = ReportInterval;
        while (!ending.IsCancellationRequested)
        {
            _memory.Add(facts.ResidentMebibytes);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
            if (elapsed >= next)
            {
                next += ReportInterval;
                report(
                    $"{elapsed:mm\\:ss}  {_counts.ConfirmedMessages} messages confirmed, {_counts.ReceivedMessages} received, {_counts.RefusedMessages} over quota, "
                    + $"{_counts.Connections} connections, {_counts.InvalidActions} invalid actions; router: {facts.ResidentMebibytes} MiB, {facts.Sockets} sockets; "
                    + $"{clients.Sum(client => client.Violations.Count())} violations");
            }

            await Task.Delay(SampleInterval, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
