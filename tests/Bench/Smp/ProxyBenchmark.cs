using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Bench.Smp;

/// <summary>
/// What it costs to send through a proxy: proxy and relay are two processes of the router, this one is the clients, each of
/// which sends one message after another to a queue of its own. The same messages sent directly to the relay stand beside.
/// </summary>
internal static class ProxyBenchmark
{
    private const int BodyBytes = 16_000;
    private static readonly int[] Clients = [1, 8, 32];

    /// <summary>Prints a line for each number of clients, directly and through the proxy.</summary>
    public static async Task RunAsync(TimeSpan warmUp, TimeSpan duration)
    {
        Console.WriteLine("SEND       body  clients  messages/s   p50/p99 ms        proxy CPU ms/msg   relay CPU ms/msg");
        foreach (int clients in Clients)
        {
            foreach (bool isForwarded in (bool[])[false, true])
            {
                await RunAsync(clients, isForwarded, warmUp, duration);
            }
        }
    }

    private static async Task RunAsync(int clients, bool isForwarded, TimeSpan warmUp, TimeSpan duration)
    {
        string folder = Directory.CreateTempSubdirectory("bench-smp-").FullName;
        await using (RouterUnderLoad proxy = await RouterUnderLoad.StartAsync(Path.Combine(folder, "proxy"), "proxy.allow_private_targets=true"))
        await using (RouterUnderLoad relay = await RouterUnderLoad.StartAsync(Path.Combine(folder, "relay"), "queues.message_quota=65536"))
        {
            var senders = new List<Sender>();
            for (int i = 0; i < clients; i++)
            {
                senders.Add(await ConnectAsync(proxy, relay, isForwarded));
            }

            await SendAsync(senders, warmUp);
            TimeSpan proxyBefore = proxy.CpuTime, relayBefore = relay.CpuTime;
            (double[] latencies, TimeSpan elapsed) = await SendAsync(senders, duration);
            Percentiles percentiles = Percentiles.Of(latencies);
            Console.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                "{0,-9} {1,5} {2,8} {3,11:F0}   {4,7:F2}/{5,-7:F2}   {6,16:F3}   {7,16:F3}",
                isForwarded ? "forwarded" : "direct",
                BodyBytes,
                clients,
                latencies.Length / elapsed.TotalSeconds,
                percentiles.P50,
                percentiles.P99,
                (proxy.CpuTime - proxyBefore).TotalMilliseconds / latencies.Length,
                (relay.CpuTime - relayBefore).TotalMilliseconds / latencies.Length));
            foreach (Sender sender in senders)
            {
                await sender.Connection.DisposeAsync();
                sender.Relay?.Dispose();
                sender.Queue.Dispose();
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Sender> ConnectAsync(RouterUnderLoad proxy, RouterUnderLoad relay, bool isForwarded)
    {
        SmpClient connection = await SmpClient.ConnectAsync(isForwarded ? proxy.Address : relay.Address);
        RelaySession? session = isForwarded ? await connection.OpenRelayAsync(relay.Address) : null;
        await using SmpClient owner = await SmpClient.ConnectAsync(relay.Address);
        using RecipientQueue queue = await owner.CreateQueueAsync(new NewQueue { Subscribe = false });
        var toQueue = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        await (session?.SecureAsync(toQueue) ?? connection.SecureAsync(toQueue));
        return new Sender(connection, session, toQueue);
    }

    private static async Task<(double[] Latencies, TimeSpan Elapsed)> SendAsync(IEnumerable<Sender> senders, TimeSpan duration)
    {
        byte[] body = RandomNumberGenerator.GetBytes(BodyBytes);
        long began = Stopwatch.GetTimestamp();
        List<double>[] latencies = await Task.WhenAll(senders.Select(sender => SendAsync(sender, body, began, duration)));
        return ([.. latencies.SelectMany(list => list)], Stopwatch.GetElapsedTime(began));
    }

    private static async Task<List<double>> SendAsync(Sender sender, byte[] body, long began, TimeSpan duration)
    {
        var latencies = new List<double>();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            long sent = Stopwatch.GetTimestamp();
            SmpCall<SmpResponse> call = sender.Relay is { } relay ? relay.SendAsync(sender.Queue, body) : sender.Connection.SendAsync(sender.Queue, body);
            await call;
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return latencies;
    }

    private sealed record Sender(SmpClient Connection, RelaySession? Relay, SenderQueue Queue);
}
