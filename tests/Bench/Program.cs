using BenchmarkDotNet.Running;
using SimplexActors.Bench.Engine;

switch (args)
{
    case ["engine"]:
        await EngineMeasurement.RunAsync();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(EngineMeasurement).Assembly).Run(args);
        break;
}
