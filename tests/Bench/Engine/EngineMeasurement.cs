using System.Diagnostics;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Bench.Engine;

/// <summary>
/// <c>bench engine</c>: messages per second through one actor and through 100,000, allocations per message, the
/// time there and back, and what an idle entity takes. The store costs nothing: this is the engine's own cost.
/// </summary>
internal static class EngineMeasurement
{
    private const int Messages = 1_000_000;
    private const int Entities = 100_000;

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync()
    {
        await MemoryAsync();
        Console.WriteLine($"{"",-56}{"messages/s",14}{"bytes/message",16}");
        foreach (bool onCaller in (bool[])[true, false])
        {
            string where = onCaller ? "on the caller's thread" : "on the thread pool";
            await using var region = new PingRegion(onCaller);
            EntityId[] ids = await region.CreateAsync(Entities);
            foreach (int threads in (int[])[1, 2])
            {
                await ThroughputAsync($"one actor, {threads} senders, {where}", region, [ids[0]], Ping.Volatile, threads);
                await ThroughputAsync($"{Entities:N0} actors, {threads} senders, {where}", region, ids, Ping.Volatile, threads);
                await ThroughputAsync($"one actor, stored, {threads} senders, {where}", region, [ids[0]], Ping.Stored, threads);
                await ThroughputAsync($"{Entities:N0} actors, stored, {threads} senders, {where}", region, ids, Ping.Stored, threads);
            }

            RoundTrip($"there and back, {where}", region, ids, Ping.Volatile);
            RoundTrip($"there and back, stored, {where}", region, ids, Ping.Stored);
        }
    }

    private static async Task ThroughputAsync(string name, PingRegion region, EntityId[] ids, Ping ping, int threads)
    {
        await region.SendAsync(ids, ping, Messages / 4, threads);
        double best = 0;
        double bytes = 0;
        for (int round = 0; round < 3; round++)
        {
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            await region.SendAsync(ids, ping, Messages, threads);
            best = Math.Max(best, Messages / Stopwatch.GetElapsedTime(start).TotalSeconds);
            bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)Messages;
        }

        Console.WriteLine($"{name,-56}{best,14:N0}{bytes,16:N1}");
    }

    private static void RoundTrip(string name, PingRegion region, EntityId[] ids, Ping ping)
    {
        const int rounds = 20_000;
        var times = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            region.SendAndWait(ids[i % ids.Length], ping);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        Console.WriteLine($"{name,-56}{"p50",6} {times[rounds / 2]:N1} us, p99 {times[rounds * 99 / 100]:N1} us");
    }

    private static async Task MemoryAsync()
    {
        const int count = 1_000_000;

        // The residue is one object for all: only what the engine adds to it is measured.
        await using var region = new PingRegion(runOnCaller: true, kept: new object());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        EntityId[] ids = await region.CreateAsync(count);
        long own = 40L * ids.Length;
        long loaded = GC.GetTotalMemory(forceFullCollection: true) - before - own;
        Console.WriteLine($"{"a loaded entity, without its state",-56}{loaded / (double)count,14:N0} bytes");
        region.Region.PassivateIdle();
        region.Region.PassivateIdle();
        while (region.Region.Metrics.Loaded > 0)
        {
            await Task.Yield();
        }

        region.Region.PassivateIdle();
        await region.SendAsync(ids, Ping.Volatile, 256, threads: 1);
        long passive = GC.GetTotalMemory(forceFullCollection: true) - before - own;
        Console.WriteLine($"{"a passive entity, without its residue",-56}{passive / (double)count,14:N0} bytes");
        GC.KeepAlive(ids);
    }
}
