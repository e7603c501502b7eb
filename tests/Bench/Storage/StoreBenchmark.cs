using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.LocalCluster;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Bench.Storage;

/// <summary>
/// The stores alone, embedded and PostgreSQL in turns: cost of a message (stored, later deleted, both durable) by the size of the commit
/// groups, and of the embedded one start, memory and loading with many stored queues.
/// </summary>
internal sealed class StoreBenchmark(string folder) : IAsyncDisposable
{
    private const int Backlog = 64;
    private const int LoadGroup = 135;
    private const int CreateGroup = 1_000;

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(folder, $"store-bench-{Environment.ProcessId}")).FullName;

    /// <summary>Runs everything.</summary>
    /// <param name="storedQueues">Queues to store for the second part.</param>
    public async Task RunAsync(int storedQueues)
    {
        await using PrivatePostgres? postgres = PostgresPrograms.TryFind() is null
            ? null
            : await PrivatePostgres.StartAsync(Path.Combine(Path.GetTempPath(), $"store-bench-postgres-{Environment.ProcessId}"), isTemporary: true);
        Console.WriteLine("store     group  body B  messages/s  commits/s  CPU us/message  allocated B/message (CPU and memory of this process)");
        foreach (int bodyBytes in (int[])[16_000, 100])
        {
            foreach (int group in (int[])[1, 8, 32, 128])
            {
                int messages = Math.Clamp(group * 1_000, 4_000, 20_000);
                await using (SqliteQueueStore sqlite = await OpenAsync($"messages-{group}-{bodyBytes}.db"))
                {
                    await MessagesAsync(sqlite, "sqlite", group, bodyBytes, messages, default);
                }

                if (postgres is not null)
                {
                    await PostgresMessagesAsync(postgres, group, bodyBytes, messages);
                }
            }
        }

        await QueuesAsync(storedQueues);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static double CpuMicroseconds() => Environment.CpuUsage.TotalTime.TotalMicroseconds;

    private static PublicKey Key() => PublicKey.FromRaw(KeyAlgorithm.X25519, RandomNumberGenerator.GetBytes(32));

    private static QueueRecord Queue() => new()
    {
        RecipientId = EntityId.Random(),
        SenderId = EntityId.Random(),
        RecipientKeys = [Key()],
        DhSecret = [.. RandomNumberGenerator.GetBytes(32)],
        SenderKey = Key(),
        UpdatedDay = 20_000,
        Notifier = new QueueNotifier(EntityId.Random(), Key(), [.. RandomNumberGenerator.GetBytes(32)]),
    };

    private static void Print(string text, params object[] values) => Console.WriteLine(string.Format(CultureInfo.InvariantCulture, text, values));

    private Task<SqliteQueueStore> OpenAsync(string name) => SqliteQueueStore.OpenAsync(
        new SqliteStoreOptions { Path = Path.Combine(_folder, name) }, NullLogger<SqliteQueueStore>.Instance, TimeProvider.System);

    /// <summary>Every set of a group is a new message, and one that deletes the message of 64 sets ago.</summary>
    private static async Task MessagesAsync(IQueueStore store, string name, int group, int bodyBytes, int messages, ShardClaim claim)
    {
        QueueRecord[] queues = [.. Enumerable.Range(0, 4096).Select(_ => Queue())];
        await CommitAsync(store, [.. queues.Select(Create)]);
        byte[] body = RandomNumberGenerator.GetBytes(bodyBytes);
        int sent = 0;
        await SendAsync(Math.Max(Backlog, 1_000));

        double cpu = CpuMicroseconds();
        long allocated = GC.GetTotalAllocatedBytes();
        int before = sent;
        var watch = Stopwatch.StartNew();
        await SendAsync(messages);
        double seconds = watch.Elapsed.TotalSeconds;
        int done = sent - before;
        Print(
            "{0,-8}  {1,5}  {2,6}  {3,10:F0}  {4,9:F0}  {5,14:F1}  {6,19}",
            name, group, bodyBytes, done / seconds, done / group / seconds, (CpuMicroseconds() - cpu) / done, (GC.GetTotalAllocatedBytes() - allocated) / done);

        async Task SendAsync(int count)
        {
            for (int end = sent + count; sent < end;)
            {
                var sets = new List<WriteSet<QueueChange>>(2 * group);
                for (int i = 0; i < group; i++, sent++)
                {
                    QueueRecord queue = queues[sent * 7 % queues.Length];
                    var header = new MessageHeader(sent, EntityId.Random(), 1_700_000_000, true, false);
                    sets.Add(new WriteSet<QueueChange>(queue.RecipientId, [new QueueChange.AddMessage(queue.RecipientId, header, body)], Claim(queue)));
                    if (sent >= Backlog)
                    {
                        QueueRecord earlier = queues[(sent - Backlog) * 7 % queues.Length];
                        sets.Add(new WriteSet<QueueChange>(earlier.RecipientId, [new QueueChange.DeleteMessage(earlier.RecipientId, sent - Backlog)], Claim(earlier)));
                    }
                }

                await CommitAsync(store, sets);
            }
        }

        ShardClaim Claim(QueueRecord queue) =>
            claim.RangeId == 0 ? default : new ShardClaim(Sharding.ShardOf(queue.RecipientId, Limits.ShardsPerRegion), claim.RangeId);
    }

    /// <summary>On PostgreSQL without the check of claims and with it.</summary>
    private static async Task PostgresMessagesAsync(PrivatePostgres postgres, int group, int bodyBytes, int messages)
    {
        foreach ((string name, long range) in ((string, long)[])[("postgres", 0), ("fenced", 1)])
        {
            string database = string.Create(CultureInfo.InvariantCulture, $"{name}_{group}_{bodyBytes}");
            await ExecuteAsync(postgres.ConnectionString(), $"CREATE DATABASE {database}");
            string connection = postgres.ConnectionString(database);
            await using (PostgresQueueStore store = await PostgresQueueStore.OpenAsync(
                new PostgresStoreOptions { ConnectionString = connection }, NullLogger<PostgresQueueStore>.Instance, TimeProvider.System))
            {
                await ExecuteAsync(connection, $"INSERT INTO shards (shard_no, range_id) SELECT n, 1 FROM generate_series(0, {Limits.ShardsPerRegion - 1}) AS n");
                await MessagesAsync(store, name, group, bodyBytes, messages, new ShardClaim(0, range));
            }

            await ExecuteAsync(postgres.ConnectionString(), $"DROP DATABASE {database} WITH (FORCE)");
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task QueuesAsync(int count)
    {
        const string Name = "queues.db";
        var ids = new List<EntityId>(count);
        var watch = Stopwatch.StartNew();
        double cpu = CpuMicroseconds();
        await using (SqliteQueueStore store = await OpenAsync(Name))
        {
            while (ids.Count < count)
            {
                QueueRecord[] records = [.. Enumerable.Range(0, Math.Min(CreateGroup, count - ids.Count)).Select(_ => Queue())];
                ids.AddRange(records.Select(record => record.RecipientId));
                await CommitAsync(store, [.. records.Select(Create)]);
            }
        }

        Print("created {0} queues with notifiers: {1:F1} us CPU, {2:F1} us each", count, (CpuMicroseconds() - cpu) / count, watch.Elapsed.TotalMicroseconds / count);
        GC.Collect();
        long resident = Environment.WorkingSet;
        watch.Restart();
        await using SqliteQueueStore open = await OpenAsync(Name);
        Print("opened {0} MiB in {1:F1} ms, {2} KiB more resident", new FileInfo(Path.Combine(_folder, Name)).Length >> 20, watch.Elapsed.TotalMilliseconds, (Environment.WorkingSet - resident) >> 10);
        RandomNumberGenerator.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids));
        await LoadAsync(open, ids);
        await UpdateAsync(open, ids);
    }

    private static async Task LoadAsync(SqliteQueueStore store, List<EntityId> ids)
    {
        List<EntityId> chosen = ids[..Math.Min(300_000, ids.Count)];
        double cpu = CpuMicroseconds();
        var watch = Stopwatch.StartNew();
        foreach (EntityId[] group in chosen.Chunk(LoadGroup))
        {
            await store.LoadAsync(group, CancellationToken.None);
        }

        Print("loaded {0} of {1} queues in random order, {2} a call: {3:F1} us CPU, {4:F1} us each", chosen.Count, ids.Count, LoadGroup, (CpuMicroseconds() - cpu) / chosen.Count, watch.Elapsed.TotalMicroseconds / chosen.Count);
    }

    private static async Task UpdateAsync(SqliteQueueStore store, List<EntityId> ids)
    {
        List<EntityId> chosen = ids[..Math.Min(30_000, ids.Count)];
        List<QueueRecord> records = [.. (await store.LoadAsync(chosen, CancellationToken.None)).Select(row => row!.Record with { UpdatedDay = 20_001 })];
        double cpu = CpuMicroseconds();
        var watch = Stopwatch.StartNew();
        foreach (QueueRecord[] group in records.Chunk(LoadGroup))
        {
            await CommitAsync(store, [.. group.Select(record => new WriteSet<QueueChange>(record.RecipientId, [new QueueChange.Update(record)]))]);
        }

        Print("updated {0} of them, {1} a commit: {2:F1} us CPU, {3:F1} us each", chosen.Count, LoadGroup, (CpuMicroseconds() - cpu) / chosen.Count, watch.Elapsed.TotalMicroseconds / chosen.Count);
    }

    private static WriteSet<QueueChange> Create(QueueRecord record) => new(record.RecipientId, [new QueueChange.Create(record, null)]);

    private static async Task CommitAsync(IQueueStore store, IReadOnlyList<WriteSet<QueueChange>> sets)
    {
        CommitResult result = await store.CommitAsync(sets, CancellationToken.None);
        if (result.Outcome is not CommitOutcome.Committed)
        {
            throw new InvalidOperationException("The store did not commit.", result.Cause);
        }
    }
}
