using System.Globalization;
using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Bench.Smp;

/// <summary>
/// <c>bench smp [messages|connections|queues|proxy] [SECONDS]</c>: the router as one process, this one as its clients, over TLS on
/// loopback, everything stored on disk before it is confirmed.
/// </summary>
internal static class SmpBenchmark
{
    private static readonly int[] Pairs = [1, 8, 32];
    private static readonly int[] BodyBytes = [16_000, 100];

    // Long enough for the runtime to have compiled the message path for good.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    /// <summary>Runs the named part, or all of them.</summary>
    public static async Task RunAsync(string? part, TimeSpan duration)
    {
        if (part is null or "messages")
        {
            await MessagesAsync(duration);
        }

        if (part is null or "connections")
        {
            await ConnectionBenchmark.RunAsync(connections: 10_000);
        }

        if (part is null or "proxy")
        {
            await ProxyBenchmark.RunAsync(WarmUp, duration);
        }

        if (part is null or "queues")
        {
            await QueueBenchmark.RunAsync(storedQueues: 1_000_000, subscribedQueues: 200_000, subscriptionsOfOneClient: 300_000);
        }
    }

    private static async Task MessagesAsync(TimeSpan duration)
    {
        Console.WriteLine("keys     body   pairs  messages/s   SEND p50/p99 ms   delivery p50/p99 ms   router CPU ms/msg   floor ms/msg   ratio");
        foreach (KeyAlgorithm keys in (KeyAlgorithm[])[KeyAlgorithm.X25519, KeyAlgorithm.Ed25519])
        {
            foreach (int body in BodyBytes)
            {
                double floor = CryptographicFloor.MillisecondsPerMessage(keys, body);
                foreach (int pairs in Pairs)
                {
                    await MessagesAsync(keys, body, pairs, floor, duration);
                }
            }
        }
    }

    private static async Task MessagesAsync(KeyAlgorithm keys, int body, int pairs, double floor, TimeSpan duration)
    {
        string folder = Directory.CreateTempSubdirectory("bench-smp-").FullName;
        await using (RouterUnderLoad router = await RouterUnderLoad.StartAsync(folder))
        {
            await using MessageLoad load = await MessageLoad.ConnectAsync(router.Address, pairs, keys);
            await load.RunAsync(body, WarmUp);
            TimeSpan before = router.CpuTime;
            LoadResult result = await load.RunAsync(body, duration);
            double cpu = (router.CpuTime - before).TotalMilliseconds / result.Messages;
            Console.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                "{0,-8} {1,5} {2,6} {3,11:F0}   {4,7:F2}/{5,-7:F2}   {6,9:F2}/{7,-9:F2}   {8,17:F3}   {9,12:F3}   {10,5:F2}",
                keys, body, pairs, result.Rate, result.Send.P50, result.Send.P99, result.Delivery.P50, result.Delivery.P99, cpu, floor, cpu / floor));
        }

        Directory.Delete(folder, recursive: true);
    }
}
