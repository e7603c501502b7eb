using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Several nodes on one database.</summary>
public sealed class PostgresNodesTests(PostgresServer server) : IAsyncLifetime
{
    private const int Services = 5, Queues = 200;

    private readonly PostgresTestStore _postgres = new(server);
    private readonly List<IQueueStore> _stores = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (string node in (string[])["a", "b", "c"])
        {
            _stores.Add(await _postgres.OpenAsync(node));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IQueueStore store in _stores)
        {
            await store.DisposeAsync();
        }

        await _postgres.RemoveAsync();
    }

    [Fact]
    public async Task Each_node_keeps_statistics_of_its_own()
    {
        DateTimeOffset since = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        for (int i = 0; i < 2; i++)
        {
            var current = new StoredStatistics(
                [.. Samples.Bytes(16)], since, since, [new StoredValue("qCreated", i + 1, 0)], [new StoredActiveQueues(i, 1, Samples.Bytes(8))]);
            var ended = new StatisticsPeriod(since, since.AddDays(1), ImmutableSortedDictionary<string, long>.Empty.Add("qCount", i + 1));
            await _stores[i].WriteStatisticsAsync(new StatisticsUpdate(current, [0, 1, 2], ended), Cancellation);
        }

        for (int i = 0; i < 2; i++)
        {
            StoredStatistics read = (await _stores[i].ReadStatisticsAsync(Cancellation))!;
            Assert.Equal([new StoredValue("qCreated", i + 1, 0)], read.Values);
            Assert.Equal(i, Assert.Single(read.ActiveQueues).Stripe);
            Assert.Equal(i + 1, Assert.Single(await _stores[i].ReadPeriodsAsync(Cancellation))["qCount"]);
        }

        Assert.Null(await _stores[2].ReadStatisticsAsync(Cancellation));
        Assert.Empty(await _stores[2].ReadPeriodsAsync(Cancellation));
    }

    [Fact]
    public async Task Counts_and_bytes_are_of_everything_that_is_stored()
    {
        QueueRecord queue = Samples.Queue();
        await CommitAsync(_stores[0], [Samples.Create(queue), Samples.Add(queue, Samples.Header(1), Samples.Bytes(100_000))]);
        long full = await _stores[1].MeasureAsync(Cancellation);
        Assert.Equal(new StoreCounts(1, 1, 0, 0), await _stores[1].CountAsync(Cancellation));
        await CommitAsync(_stores[1], [Samples.Remove(queue, 1)]);
        Assert.InRange(full - await _stores[0].MeasureAsync(Cancellation), 100_000, 101_000);
        await CommitAsync(_stores[0], [Samples.Add(queue, Samples.Header(2), Samples.Bytes(100_000))]);
        await CommitAsync(_stores[2], [Samples.Set(queue.RecipientId, new QueueChange.Delete(queue.RecipientId))]);
        Assert.InRange(full - await _stores[0].MeasureAsync(Cancellation), 100_000, 101_000);
    }

    [Fact]
    [Spec("S-323")]
    public async Task Nodes_that_count_queues_of_the_same_services_count_each_once()
    {
        ServiceRecord[] services = [.. Enumerable.Range(0, Services).Select(_ => Service())];
        CommitResult created = await _stores[0].Services.CommitAsync(
            [.. services.Select(service => new WriteSet<ServiceChange>(service.ServiceId, [new ServiceChange.Create(service)]))], Cancellation);
        Assert.Equal(CommitOutcome.Committed, created.Outcome);
        EntityId[][] queues = await Task.WhenAll(_stores.Select((store, seed) => CountAsync(store, new Random(seed))));

        byte[] hash = new byte[ProtocolHash.QueuesHashLength];
        foreach (EntityId queue in queues.SelectMany(ids => ids))
        {
            ProtocolHash.ToggleQueue(hash, queue.Bytes);
        }

        foreach (ServiceRecord service in services)
        {
            Assert.Equal(new ServiceQueues(Queues * _stores.Count, new EntityId(hash)), await _stores[1].Services.CountAsync(service.ServiceId, Cancellation));
        }

        // All services in one group, in an order of its own.
        async Task<EntityId[]> CountAsync(IQueueStore store, Random random)
        {
            EntityId[] ids = [.. Enumerable.Range(0, Queues).Select(_ => EntityId.Random())];
            foreach (EntityId id in ids)
            {
                ServiceRecord[] shuffled = [.. services];
                random.Shuffle(shuffled);
                await CommitAsync(store, [.. shuffled.Select(service => Samples.Set(id, new QueueChange.ServiceQueue(service.ServiceId, id, true)))]);
            }

            return ids;
        }
    }

    private static async Task CommitAsync(IQueueStore store, WriteSet<QueueChange>[] sets)
    {
        CommitResult result = await store.CommitAsync(sets, Cancellation);
        Assert.Equal((CommitOutcome.Committed, null), (result.Outcome, result.Cause));
    }

    private static ServiceRecord Service() => new()
    {
        ServiceId = EntityId.Random(),
        Role = ServiceRole.Messaging,
        Chain = [Samples.Bytes(50)],
        Fingerprint = new EntityId(Samples.Bytes(32)),
        CreatedDay = 1,
        LastUsedDay = 1,
    };
}
