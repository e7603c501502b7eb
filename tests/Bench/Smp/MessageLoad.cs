using System.Diagnostics;
using System.Security.Cryptography;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Bench.Smp;

/// <summary>
/// Queue pairs that exchange one message after another: SEND, OK, MSG, ACK, OK, then the next. Each pair has a connection
/// of its sender and one of its recipient.
/// </summary>
internal sealed class MessageLoad : IAsyncDisposable
{
    private readonly List<Pair> _pairs = [];

    /// <summary>Connects and creates the queues.</summary>
    public static Task<MessageLoad> ConnectAsync(RouterAddress router, int pairs, KeyAlgorithm keys) =>
        ConnectAsync(_ => (router, router), _ => true, pairs, keys);

    /// <summary>Connects to the routers of each pair, and creates queues until one is wanted.</summary>
    public static async Task<MessageLoad> ConnectAsync(
        Func<int, (RouterAddress Recipient, RouterAddress Sender)> routers, Predicate<EntityId> isWanted, int pairs, KeyAlgorithm keys)
    {
        var load = new MessageLoad();
        for (int i = 0; i < pairs; i++)
        {
            SmpClient recipient = await SmpClient.ConnectAsync(routers(i).Recipient);
            SmpClient sender = await SmpClient.ConnectAsync(routers(i).Sender);
            RecipientQueue queue;
            do
            {
                queue = await recipient.CreateQueueAsync(new NewQueue { Key = PrivateKey.Generate(keys) });
            }
            while (!isWanted(queue.RecipientId));

            var toQueue = new SenderQueue(queue.SenderId, PrivateKey.Generate(keys));
            await sender.SecureAsync(toQueue);
            load._pairs.Add(new Pair(recipient, sender, toQueue, recipient.Events.GetAsyncEnumerator()));
        }

        return load;
    }

    /// <summary>Exchanges messages for a while.</summary>
    public async Task<LoadResult> RunAsync(int bodyBytes, TimeSpan duration)
    {
        byte[] body = RandomNumberGenerator.GetBytes(bodyBytes);
        long began = Stopwatch.GetTimestamp();
        Samples[] samples = await Task.WhenAll(_pairs.Select(pair => RunAsync(pair, body, began, duration)));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        return new LoadResult(
            samples.Sum(sample => sample.Send.Count),
            elapsed,
            Percentiles.Of(samples.SelectMany(sample => sample.Send)),
            Percentiles.Of(samples.SelectMany(sample => sample.Delivery)));
    }

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Pair pair in _pairs)
        {
            await pair.Events.DisposeAsync();
            await pair.Recipient.DisposeAsync();
            await pair.Sender.DisposeAsync();
        }
    }

    private static async Task<Samples> RunAsync(Pair pair, byte[] body, long began, TimeSpan duration)
    {
        var samples = new Samples([], []);
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            long sent = Stopwatch.GetTimestamp();
            Task<TimeSpan> delivered = ReceiveAsync(pair, sent);
            await pair.Sender.SendAsync(pair.Queue, body);
            samples.Send.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            samples.Delivery.Add((await delivered).TotalMilliseconds);
        }

        return samples;
    }

    private static async Task<TimeSpan> ReceiveAsync(Pair pair, long sent)
    {
        while (await pair.Events.MoveNextAsync())
        {
            if (pair.Events.Current is MessageReceived received)
            {
                TimeSpan latency = Stopwatch.GetElapsedTime(sent);
                await pair.Recipient.AcknowledgeAsync(received);
                return latency;
            }
        }

        throw new InvalidOperationException("The router closed the recipient's connection.");
    }

    private sealed record Pair(SmpClient Recipient, SmpClient Sender, SenderQueue Queue, IAsyncEnumerator<SmpEvent> Events);

    private sealed record Samples(List<double> Send, List<double> Delivery);
}

/// <summary>What a load measured; latencies in milliseconds.</summary>
internal sealed record LoadResult(int Messages, TimeSpan Elapsed, Percentiles Send, Percentiles Delivery)
{
    /// <summary>Messages per second.</summary>
    public double Rate => Messages / Elapsed.TotalSeconds;
}

/// <summary>Median and 99th percentile.</summary>
internal sealed record Percentiles(double P50, double P99)
{
    /// <summary>Of samples in any order.</summary>
    public static Percentiles Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0 ? new(0, 0) : new(sorted[sorted.Length / 2], sorted[Math.Min(sorted.Length - 1, sorted.Length * 99 / 100)]);
    }
}
