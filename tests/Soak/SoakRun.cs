using System.Diagnostics;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;
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
    private const int ClientsPerService = 20;
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
        await using SoakRelay relay = await SoakRelay.StartAsync();
        (RouterProgram program, RouterAddress router) = await RouterProgram.StartDevAsync(
            folder.Path, "--set", "proxy.allow_private_targets=true", "--set", "proxy.failure_time=2 s");
        await using (program)
        {
            var random = new Random(options.Seed);
            SoakClient[] clients = await MakeClientsAsync(router, random);
            report($"seed {options.Seed}: preparing {clients.Length} clients");
            await EachAsync(clients, client => client.PrepareAsync(clients));
            SoakProxyUser[] proxyUsers =
            [
                .. Enumerable.Range(0, options.ProxyUsers)
                    .Select(index => new SoakProxyUser(index, router, relay.Address, _counts, new Random(random.Next()))),
            ];
            SoakVandal[] vandals = [.. Enumerable.Range(0, options.Vandals).Select(_ => new SoakVandal(router, _counts, new Random(random.Next())))];
            await LoadAsync(program, ending =>
            [
                .. clients.Select(client => client.RunAsync(ending)),
                .. proxyUsers.Select(user => user.RunAsync(ending)),
                .. vandals.Select(vandal => vandal.RunAsync(ending)),
                relay.RunAsync(_counts, ending),
            ]);
            report("draining all queues");
            await EachAsync(clients, client => client.DrainAsync());
            await EachAsync(proxyUsers, user => user.DrainAsync());
            program.Signal(RouterProgram.Sigterm);
            int exit = await program.ExitAsync();
            return
            [
                .. clients.SelectMany(client => client.Violations),
                .. proxyUsers.SelectMany(user => user.Violations),
                .. exit == 0 ? Array.Empty<string>() : [$"the router ended with exit code {exit}"],
            ];
        }
    }

    private async Task<SoakClient[]> MakeClientsAsync(RouterAddress router, Random random)
    {
        var clients = new SoakClient[options.Clients];
        for (int i = 0; i < clients.Length; i++)
        {
            ServiceLogin? service = null;
            if (i % ClientsPerService == 0)
            {
                (string certificates, string key) = await TestChain.CreatePemAsync(2, KeyAlgorithm.Ed25519, days: 30, CancellationToken.None);
                service = new ServiceLogin(ServiceRole.Messaging, ServiceCredentials.FromPem(certificates, key));
            }

            clients[i] = new SoakClient(i, router, service, _counts, new Random(random.Next()));
        }

        return clients;
    }

    private static Task EachAsync<T>(T[] all, Func<T, Task> work) => Parallel.ForEachAsync(
        all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) => await work(one));

    private async Task LoadAsync(RouterProgram program, Func<CancellationToken, Task[]> start)
    {
        using var ending = new CancellationTokenSource(options.Duration);
        await Task.WhenAll([.. start(ending.Token), WatchAsync(program, ending.Token)]);
    }

    private async Task WatchAsync(RouterProgram program, CancellationToken ending)
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
                    + $"{_counts.Connections} connections, {_counts.InvalidActions} invalid actions, {_counts.Stalls} stalls of the relay; "
                    + $"router: {facts.ResidentMebibytes} MiB, {facts.Sockets} sockets");
            }

            await Task.Delay(SampleInterval, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
