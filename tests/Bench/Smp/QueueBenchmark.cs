using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Bench.Smp;

/// <summary>Many queues: memory after start, time to subscribe to very many, memory of a subscribed one.</summary>
internal static class QueueBenchmark
{
    private const int QueuesPerCommit = 1000;
    private const int Unanswered = 675;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(130);

    /// <summary>Fills a store, starts the router on it and subscribes one client to many of its queues.</summary>
    public static async Task RunAsync(int storedQueues, int subscribedQueues, int subscriptionsOfOneClient)
    {
        string folder = Directory.CreateTempSubdirectory("bench-smp-").FullName;
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await using (RouterUnderLoad empty = await RouterUnderLoad.StartAsync(folder))
        {
            Print("start without queues: {0:F1} s, {1:F0} MiB resident", empty.StartTime.TotalSeconds, Mebibytes(empty.ResidentBytes));
        }

        List<EntityId> queues = await FillAsync(Path.Combine(folder, "store", "queues.db"), storedQueues, key.Public);
        await using (RouterUnderLoad router = await RouterUnderLoad.StartAsync(folder))
        {
            Print("start with {0:N0} stored queues: {1:F1} s, {2:F0} MiB resident", storedQueues, router.StartTime.TotalSeconds, Mebibytes(router.ResidentBytes));
            await using SmpClient client = await SmpClient.ConnectAsync(router.Address);
            long memory = router.ResidentBytes;
            TimeSpan cpu = router.CpuTime;
            long began = Stopwatch.GetTimestamp();
            await SubscribeAsync(client, queues[..subscribedQueues], key);
            TimeSpan paused = await SettleAsync(router, memory, subscribedQueues);
            await SubscribeAsync(client, queues[subscribedQueues..subscriptionsOfOneClient], key);
            Print(
                "{0:N0} SUBs of one client: {1:F0} s, {2:F3} ms router CPU each",
                subscriptionsOfOneClient,
                (Stopwatch.GetElapsedTime(began) - paused).TotalSeconds,
                (router.CpuTime - cpu).TotalMilliseconds / subscriptionsOfOneClient);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Waits until unused queues have left memory, and prints what a subscription costs.</summary>
    private static async Task<TimeSpan> SettleAsync(RouterUnderLoad router, long memoryBefore, int queues)
    {
        long began = Stopwatch.GetTimestamp();
        Print("subscribed queue, just used: {0:F0} bytes each at {1:N0}", (router.ResidentBytes - memoryBefore) / (double)queues, queues);
        await Task.Delay(Settling);
        Print("subscribed queue, idle: {0:F0} bytes each at {1:N0}", (router.ResidentBytes - memoryBefore) / (double)queues, queues);
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task SubscribeAsync(SmpClient client, List<EntityId> queues, PrivateKey key)
    {
        using var window = new SemaphoreSlim(Unanswered);
        int failed = 0;
        foreach (EntityId queue in queues)
        {
            await window.WaitAsync();
            _ = SubscribeAsync(queue);
        }

        for (int i = 0; i < Unanswered; i++)
        {
            await window.WaitAsync();
        }

        if (failed > 0)
        {
            Print("{0} subscriptions FAILED", failed);
        }

        async Task SubscribeAsync(EntityId queue)
        {
            SmpResult<SmpResponse> result = await client.ExecuteAsync(SubCommand.Instance, queue, key).AsResult();
            if (!result.Succeeded && Interlocked.Increment(ref failed) == 1)
            {
                Print("a subscription failed: {0}", result.Failure);
            }

            window.Release();
        }
    }

    private static async Task<List<EntityId>> FillAsync(string database, int count, PublicKey key)
    {
        long began = Stopwatch.GetTimestamp();
        var ids = new List<EntityId>(count);
        await using SqliteQueueStore store = await SqliteQueueStore.OpenAsync(
            new SqliteStoreOptions { Path = database }, NullLogger<SqliteQueueStore>.Instance, TimeProvider.System);
        while (ids.Count < count)
        {
            var sets = new List<WriteSet<QueueChange>>(QueuesPerCommit);
            for (int i = 0; i < QueuesPerCommit; i++)
            {
                EntityId id = OrderedId(ids.Count);
                ids.Add(id);
                sets.Add(new WriteSet<QueueChange>(id, [new QueueChange.Create(Queue(id, OrderedId(ids.Count), key), null)]));
            }

            CommitResult result = await store.CommitAsync(sets, CancellationToken.None);
            if (result.Outcome is not CommitOutcome.Committed)
            {
                throw new InvalidOperationException("The store could not be filled.", result.Cause);
            }
        }

        Print("filled the store with {0:N0} queues in {1:F0} s", count, Stopwatch.GetElapsedTime(began).TotalSeconds);
        Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids));
        return ids;
    }

    /// <summary>Ids in index order only make filling fast; subscribing goes through them in random order.</summary>
    private static EntityId OrderedId(int number)
    {
        Span<byte> bytes = stackalloc byte[EntityId.GeneratedLength];
        RandomNumberGenerator.Fill(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new EntityId(bytes);
    }

    private static QueueRecord Queue(EntityId id, EntityId senderId, PublicKey key) => new()
    {
        RecipientId = id,
        SenderId = senderId,
        RecipientKeys = [key],
        DhSecret = [.. RandomNumberGenerator.GetBytes(32)],
        Mode = QueueMode.Messaging,
        UpdatedDay = QueueRecord.DayOf(TimeProvider.System.GetUtcNow()),
    };

    private static double Mebibytes(long bytes) => bytes / 1048576.0;

    private static void Print(string text, params object[] values) =>
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture, text, values));
}
