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
        await ClusterBenchmark.RunAsync(TimeSpan.FromSeconds(rest is [{ } time] ? int.Parse(time, CultureInfo.InvariantCulture) : 10));
        break;
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
