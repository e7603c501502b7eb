using System.Globalization;
using SimplexActors.Client;

namespace SimplexActors.Bench.Smp;

/// <summary>What a connection costs: CPU to open it, memory to keep it idle.</summary>
internal static class ConnectionBenchmark
{
    private const int OpenedAtOnce = 32;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <summary>Opens connections, exchanges one PING on each, leaves them idle and prints the cost of one.</summary>
    public static async Task RunAsync(int connections)
    {
        string folder = Directory.CreateTempSubdirectory("bench-smp-").FullName;
        var clients = new List<SmpClient>();
        await using (RouterUnderLoad router = await RouterUnderLoad.StartAsync(folder))
        {
            await OpenAsync(router, clients, connections / 10);
            long memory = router.ResidentBytes;
            TimeSpan cpu = router.CpuTime;
            int warm = clients.Count;
            await OpenAsync(router, clients, connections - warm);
            double cpuMilliseconds = (router.CpuTime - cpu).TotalMilliseconds / (clients.Count - warm);
            await Task.Delay(Settling);
            double kibibytes = (router.ResidentBytes - memory) / 1024.0 / (clients.Count - warm);
            Console.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                "{0} idle connections: {1:F1} KiB each in the router, {2:F2} ms CPU to open one (TLS, handshake, PING); {3:F0} MiB resident in all",
                clients.Count, kibibytes, cpuMilliseconds, router.ResidentBytes / 1048576.0));
            foreach (SmpClient client in clients)
            {
                await client.DisposeAsync();
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task OpenAsync(RouterUnderLoad router, List<SmpClient> clients, int count)
    {
        while (count > 0)
        {
            int now = Math.Min(count, OpenedAtOnce);
            clients.AddRange(await Task.WhenAll(Enumerable.Range(0, now).Select(async _ =>
            {
                SmpClient client = await SmpClient.ConnectAsync(router.Address);
                await client.PingAsync();
                return client;
            })));
            count -= now;
        }
    }
}
