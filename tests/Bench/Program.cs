using System.Globalization;
using BenchmarkDotNet.Running;
using SimplexActors.Bench.Cluster;
using SimplexActors.Bench.Engine;
using SimplexActors.Bench.Smp;
using SimplexActors.Bench.Storage;
using SimplexActors.Bench.Timing;

switch (args)
{
    case ["engine"]:
        await EngineMeasurement.RunAsync();
        break;
    case ["cluster", .. string[] rest]:
        return await RunClusterAsync(rest);
    case ["links"]:
        await LinkBenchmark.RunAsync();
        break;
    case ["store", .. string[] folder]:
        await using (var benchmark = new StoreBenchmark(folder.FirstOrDefault(Path.GetTempPath())))
        {
            await benchmark.RunAsync(storedQueues: 1_000_000);
        }

        break;
    case ["smp", .. string[] rest]:
        await SmpBenchmark.RunAsync(
            rest.FirstOrDefault(),
            TimeSpan.FromSeconds(rest is [_, { } seconds] ? int.Parse(seconds, CultureInfo.InvariantCulture) : 10));
        break;
    case ["timing", .. string[] rest]:
        await TimingBenchmark.RunAsync(rest is [{ } samples] ? int.Parse(samples, CultureInfo.InvariantCulture) : 2000);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(EngineMeasurement).Assembly).Run(args);
        break;
}

return 0;

static async Task<int> RunClusterAsync(string[] arguments)
{
    try
    {
        ClusterArguments asked = ClusterArguments.Parse(arguments);
        await (asked.NodeCores is { } cores ? ScalingBenchmark.RunAsync(cores, asked.DatabaseCores, asked.Duration) : ClusterBenchmark.RunAsync(asked.Duration));
        return 0;
    }
    catch (Exception e) when (e is FormatException or CpuSliceException)
    {
        Console.Error.WriteLine($"bench: {e.Message}");
        return 2;
    }
}
