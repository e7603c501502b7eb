using BenchmarkDotNet.Attributes;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Bench.Engine;

/// <summary>The engine's cost per message.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int Messages = 100_000;

    private PingRegion _region = null!;
    private EntityId[] _ids = null!;

    /// <summary>How many entities take turns.</summary>
    [Params(1, 100_000)]
    public int Entities { get; set; }

    /// <summary>Whether an idle shard runs on its caller's thread.</summary>
    [Params(true, false)]
    public bool RunOnCaller { get; set; }

    /// <summary>Makes the entities.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _region = new PingRegion(RunOnCaller);
        _ids = await _region.CreateAsync(Entities);
    }

    /// <summary>Stops the region.</summary>
    [GlobalCleanup]
    public async Task CleanupAsync() => await _region.DisposeAsync();

    /// <summary>Commands that store nothing.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public Task Volatile() => _region.SendAsync(_ids, Ping.Volatile, Messages, threads: 1);

    /// <summary>Commands that store one change in a store without cost.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public Task Stored() => _region.SendAsync(_ids, Ping.Stored, Messages, threads: 1);
}
