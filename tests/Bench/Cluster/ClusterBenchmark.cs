using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Bench.Smp;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Bench.Cluster;

/// <summary>
/// <c>bench cluster [SECONDS]</c>: 1, 2 and 3 nodes on one PostgreSQL, this process as their clients, all on the same machine: so what
/// counts is the CPU time per message and how it changes, not the sum of the rates.
/// </summary>
internal static class ClusterBenchmark
{
    private const int Pairs = 16;
    private const int MovedQueues = 10_000;
    private const int ProbedQueues = 200;

    // Long enough for the runtime to have compiled the message path for good.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs all parts.</summary>
    public static async Task RunAsync(TimeSpan duration)
    {
        await MessagesAsync(duration);
        await LatencyAsync(duration);
        await MoveAsync();
    }

    private static async Task MessagesAsync(TimeSpan duration)
    {
        Console.WriteLine("nodes   body   messages/s   SEND p50/p99 ms   delivery p50/p99 ms   nodes' CPU ms/msg   database's CPU ms/msg");
        for (int nodes = 1; nodes <= 3; nodes++)
        {
            foreach (int body in (int[])[16_000, 100])
            {
                await using ClusterUnderLoad cluster = await ClusterUnderLoad.StartAsync(nodes);
                await using MessageLoad load = await cluster.ConnectAsync(Pairs);
                await load.RunAsync(body, WarmUp);
                (TimeSpan cpu, TimeSpan database) = (cluster.CpuTime, cluster.DatabaseCpuTime);
                LoadResult result = await load.RunAsync(body, duration);
                Print(
                    "{0,5} {1,6} {2,12:F0}   {3,7:F2}/{4,-7:F2}   {5,9:F2}/{6,-9:F2}   {7,17:F3}   {8,21:F3}",
                    nodes,
                    body,
                    result.Rate,
                    result.Send.P50,
                    result.Send.P99,
                    result.Delivery.P50,
                    result.Delivery.P99,
                    (cluster.CpuTime - cpu).TotalMilliseconds / result.Messages,
                    (cluster.DatabaseCpuTime - database).TotalMilliseconds / result.Messages);
            }
        }
    }

    /// <summary>One message at a time, whose sender, owner and recipient are on one node, and on three.</summary>
    private static async Task LatencyAsync(TimeSpan duration)
    {
        await using ClusterUnderLoad cluster = await ClusterUnderLoad.StartAsync(nodes: 3);
        int[] owners = await cluster.OwnersAsync();
        Console.WriteLine("one pair, 16,000 bytes                     SEND p50/p99 ms   delivery p50/p99 ms");
        foreach ((string where, int recipient, int sender) in ((string, int, int)[])[("sender, owner, recipient on one node", 0, 0), ("sender, owner, recipient on three nodes", 1, 2)])
        {
            await using MessageLoad load = await MessageLoad.ConnectAsync(
                _ => (cluster.Nodes[recipient].Address, cluster.Nodes[sender].Address), queue => owners[ClusterUnderLoad.ShardOf(queue)] == 0, 1, KeyAlgorithm.X25519);
            await load.RunAsync(16_000, WarmUp);
            LoadResult result = await load.RunAsync(16_000, duration);
            Print("{0,-40} {1,8:F2}/{2,-8:F2}   {3,9:F2}/{4,-9:F2}", where, result.Send.P50, result.Send.P99, result.Delivery.P50, result.Delivery.P99);
        }
    }

    /// <summary>
    /// A node with a shard of 10,000 subscribed queues leaves: how long until the last of some queues of this shard has
    /// delivered a message that was sent when the node was told to leave.
    /// </summary>
    private static async Task MoveAsync()
    {
        await using ClusterUnderLoad cluster = await ClusterUnderLoad.StartAsync(nodes: 2);
        int[] owners = await cluster.OwnersAsync();
        int shard = Array.IndexOf(owners, 0);
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        List<QueueRecord> queues = await FillAsync(cluster, shard, key.Public);
        await using SmpClient recipient = await SmpClient.ConnectAsync(cluster.Nodes[1].Address);
        await using SmpClient sender = await SmpClient.ConnectAsync(cluster.Nodes[1].Address);
        foreach (QueueRecord[] some in queues.Chunk(500))
        {
            await Task.WhenAll(some.Select(queue => recipient.ExecuteAsync(SubCommand.Instance, queue.RecipientId, key).AsResult().AsTask()));
        }

        long began = Stopwatch.GetTimestamp();
        Task stopping = cluster.Nodes[0].StopAsync();
        Task<SmpResult<SmpResponse>[]> sending = Task.WhenAll(
            queues.Take(ProbedQueues).Select(queue => sender.ExecuteAsync(new SendCommand(false, new byte[100]), queue.SenderId, key).AsResult().AsTask()));
        Task<TimeSpan> delivered = DeliveredAsync(recipient, began);
        bool isComplete = await Task.WhenAny(delivered, Task.Delay(Patience)) == delivered;
        Print(
            "a node leaves; of a shard with {0:N0} subscribed queues, {1} messages sent at that moment were delivered after {2}",
            MovedQueues,
            ProbedQueues,
            isComplete ? $"{(await delivered).TotalSeconds.ToString("F2", CultureInfo.InvariantCulture)} s" : "more than a minute");
        int refused = (await sending).Count(result => !result.Succeeded);
        await stopping;
        Print("it had handed over all its shards and stopped after {0:F2} s; {1} messages were refused", Stopwatch.GetElapsedTime(began).TotalSeconds, refused);
    }

    private static async Task<TimeSpan> DeliveredAsync(SmpClient recipient, long began)
    {
        int delivered = 0;
        await foreach (SmpEvent item in recipient.Events)
        {
            if (item is OtherEvent { Response: MsgResponse } && ++delivered == ProbedQueues)
            {
                break;
            }
        }

        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task<List<QueueRecord>> FillAsync(ClusterUnderLoad cluster, int shard, PublicKey key)
    {
        await using PostgresQueueStore store = await PostgresQueueStore.OpenAsync(
            new PostgresStoreOptions { ConnectionString = cluster.Postgres.ConnectionString() }, NullLogger<PostgresQueueStore>.Instance, TimeProvider.System, CancellationToken.None);
        var queues = new List<QueueRecord>();
        while (queues.Count < MovedQueues)
        {
            EntityId id = EntityId.Random();
            if (ClusterUnderLoad.ShardOf(id) == shard)
            {
                queues.Add(new QueueRecord
                {
                    RecipientId = id,
                    SenderId = EntityId.Random(),
                    RecipientKeys = [key],
                    SenderKey = key,
                    DhSecret = [.. RandomNumberGenerator.GetBytes(32)],
                    Mode = QueueMode.Messaging,
                });
            }
        }

        foreach (QueueRecord[] some in queues.Chunk(1000))
        {
            await store.CommitAsync([.. some.Select(queue => new WriteSet<QueueChange>(queue.RecipientId, [new QueueChange.Create(queue, null)]))], CancellationToken.None);
        }

        return queues;
    }

    private static void Print(string format, params object[] values) => Console.WriteLine(string.Format(CultureInfo.InvariantCulture, format, values));
}
