using System.Globalization;
using SimplexActors.Bench.Smp;

namespace SimplexActors.Bench.Cluster;

/// <summary>
/// <c>bench cluster --cpu CORES [--database-cpu CORES] [SECONDS]</c>: 1 to 4 nodes, each with so little CPU that the nodes are what
/// limits, as they would on machines of their own, while the database and the clients have what they need. With a slice for the
/// database too it shows where more nodes end to help. The CPU that is idle tells whether anything else was the limit.
/// </summary>
internal static class ScalingBenchmark
{
    private const int MostNodes = 4;

    // Enough that a node always has something to do, however long messages wait for the others.
    private const int Pairs = 96;

    private const int BodyBytes = 16_000;

    // Without a limit, because the runtime compiles while it serves; for each node, because each compiles for itself.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12);

    // Until what the limit piles up is as it stays.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>Measures and prints.</summary>
    /// <exception cref="CpuSliceException">This system allows no slices.</exception>
    public static async Task RunAsync(double nodeCores, double? databaseCores, TimeSpan duration)
    {
        // Better told now than after the first warm-up.
        CpuSlice.Of([], nodeCores).Dispose();
        Console.WriteLine("nodes   messages/s   times   CPU ms per message: nodes   database   cores used: nodes   database   clients   idle");
        double first = 0;
        for (int nodes = 1; nodes <= MostNodes; nodes++)
        {
            await using ClusterUnderLoad cluster = await ClusterUnderLoad.StartAsync(nodes);
            await using MessageLoad load = await cluster.ConnectAsync(Pairs);
            await load.RunAsync(BodyBytes, nodes * WarmUp);
            cluster.Limit(nodeCores, databaseCores);
            await load.RunAsync(BodyBytes, Settling);
            CpuUse before = CpuUse.Of(cluster);
            LoadResult result = await load.RunAsync(BodyBytes, duration);
            CpuUse used = CpuUse.Of(cluster) - before;
            first = nodes == 1 ? result.Rate : first;
            double seconds = result.Elapsed.TotalSeconds;
            Console.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                "{0,5} {1,12:F0} {2,7:F2} {3,27:F3} {4,10:F3} {5,19:F2} {6,10:F2} {7,9:F2} {8,6:F2}",
                nodes,
                result.Rate,
                result.Rate / first,
                used.Nodes.TotalMilliseconds / result.Messages,
                used.Database.TotalMilliseconds / result.Messages,
                used.Nodes.TotalSeconds / seconds,
                used.Database.TotalSeconds / seconds,
                used.Clients.TotalSeconds / seconds,
                used.Idle.TotalSeconds / seconds));
        }
    }

    /// <summary>CPU time so far; of this process, which is all clients, and of nobody on this machine.</summary>
    private sealed record CpuUse(TimeSpan Nodes, TimeSpan Database, TimeSpan Clients, TimeSpan Idle)
    {
        public static CpuUse Of(ClusterUnderLoad cluster) =>
            new(cluster.CpuTime, cluster.DatabaseCpuTime, RouterUnderLoad.CpuTimeOf(Environment.ProcessId), RouterUnderLoad.IdleTime);

        public static CpuUse operator -(CpuUse later, CpuUse earlier) => new(
            later.Nodes - earlier.Nodes, later.Database - earlier.Database, later.Clients - earlier.Clients, later.Idle - earlier.Idle);
    }
}
