using Npgsql;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Nobody writes to a shard that another node claimed; what belongs to other shards is written all the same.</summary>
public sealed class PostgresFenceTests(PostgresServer server) : IAsyncLifetime
{
    private readonly PostgresTestStore _postgres = new(server);
    private IQueueStore? _store;

    private IQueueStore Store => _store!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await _postgres.OpenAsync();
        await (await _postgres.DatabaseAsync()).ExecuteAsync("INSERT INTO shards (shard_no, range_id) SELECT n, 10 + n FROM generate_series(0, 9) AS n");
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is { } open)
        {
            await open.DisposeAsync();
        }

        await _postgres.RemoveAsync();
    }

    [Fact]
    public async Task Sets_with_the_right_claims_are_stored()
    {
        QueueRecord[] queues = [.. Enumerable.Range(0, 10).Select(_ => Samples.Queue())];
        CommitResult result = await Store.CommitAsync([.. queues.Select((queue, i) => Create(queue, i, 10 + i)), Create(Samples.Queue(), 3, 13)], Cancellation);
        AssertResult(result);
        Assert.All(await Store.LoadAsync([.. queues.Select(queue => queue.RecipientId)], Cancellation), Assert.NotNull);
    }

    [Fact]
    public async Task Sets_with_stale_claims_are_left_out_and_the_others_stored()
    {
        QueueRecord[] queues = [.. Enumerable.Range(0, 6).Select(_ => Samples.Queue())];
        CommitResult result = await Store.CommitAsync(
            [
                Create(queues[0], 0, 9), Create(queues[1], 1, 11), Create(queues[2], 2, 13), Create(queues[3], 77, 1), Create(queues[4], 1, 10),
                Create(queues[5], shard: 0, range: 0),
            ],
            Cancellation);
        AssertResult(result, fenced: [0, 2, 3, 4]);
        Assert.Equal(
            [false, true, false, false, false, true],
            (await Store.LoadAsync([.. queues.Select(queue => queue.RecipientId)], Cancellation)).Select(row => row is not null));
    }

    [Fact]
    public async Task Conflicts_and_stale_claims_are_told_apart()
    {
        QueueRecord there = Samples.Queue();
        await Store.CommitAsync([Samples.Create(there)], Cancellation);
        QueueRecord good = Samples.Queue();
        CommitResult result = await Store.CommitAsync(
            [Create(there, 1, 11), Create(Samples.Queue(), 2, 1), Create(good, 3, 13), Create(there, 4, 1)], Cancellation);
        Assert.Equal([0], result.Conflicts);
        Assert.Equal([1, 3], result.Fenced);
        Assert.NotNull((await Store.LoadAsync([good.RecipientId], Cancellation))[0]);
    }

    [Fact]
    public async Task When_everything_is_stale_nothing_is_written()
    {
        QueueRecord queue = Samples.Queue();
        AssertResult(await Store.CommitAsync([Create(queue, 0, 9), Create(Samples.Queue(), 1, 12)], Cancellation), fenced: [0, 1]);
        Assert.Equal(new StoreCounts(0, 0, 0, 0), await Store.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_claim_waits_for_a_commit_and_a_commit_for_a_claim()
    {
        PostgresDatabase database = await _postgres.DatabaseAsync();
        QueueRecord queue = Samples.Queue();
        await using NpgsqlConnection claimer = await database.ConnectAsync();
        await using NpgsqlTransaction claim = await claimer.BeginTransactionAsync(Cancellation);
        await using (var raise = new NpgsqlCommand("UPDATE shards SET range_id = range_id + 1 WHERE shard_no = 5", claimer))
        {
            await raise.ExecuteNonQueryAsync(Cancellation);
        }

        Task<CommitResult> commit = Store.CommitAsync([Create(queue, 5, 15), Create(Samples.Queue(), 6, 16)], Cancellation).AsTask();
        await PostgresWaits.UntilBlockedAsync(database);
        Assert.False(commit.IsCompleted);
        await claim.CommitAsync(Cancellation);
        AssertResult(await commit, fenced: [0]);
        Assert.Null((await Store.LoadAsync([queue.RecipientId], Cancellation))[0]);
    }

    [Fact]
    public async Task Two_nodes_that_commit_and_take_shards_from_each_other_never_both_write()
    {
        await using IQueueStore other = await _postgres.OpenAsync("other");
        PostgresDatabase database = await _postgres.DatabaseAsync();
        QueueRecord queue = Samples.Queue();
        await Store.CommitAsync([Samples.Create(queue)], Cancellation);
        int[] stored = await Task.WhenAll(WriteAsync(Store, 1), WriteAsync(other, 2));
        Assert.Equal(stored.Sum(), (await Store.LoadAsync([queue.RecipientId], Cancellation))[0]!.Messages.Count);
        Assert.All(stored, count => Assert.InRange(count, 20, 400));

        // Claims the shard, writes until it is fenced, and claims again.
        async Task<int> WriteAsync(IQueueStore store, int node)
        {
            int written = 0;
            for (int round = 0; round < 20; round++)
            {
                long range = await database.ScalarAsync<long>("UPDATE shards SET range_id = range_id + 1 WHERE shard_no = 0 RETURNING range_id");
                for (int i = 0; i < 20; i++)
                {
                    MessageHeader header = Samples.Header((1_000_000 * node) + (1_000 * round) + i);
                    CommitResult result = await store.CommitAsync(
                        [Samples.Add(queue, header, Samples.Bytes(100)) with { Claim = new ShardClaim(0, range) }], Cancellation);
                    Assert.Equal(CommitOutcome.Committed, result.Outcome);
                    long now = await database.ScalarAsync<long>("SELECT range_id FROM shards WHERE shard_no = 0");
                    if (result.Fenced.Length > 0)
                    {
                        Assert.True(now > range);
                        break;
                    }

                    written++;
                }
            }

            return written;
        }
    }

    private static WriteSet<QueueChange> Create(QueueRecord queue, int shard, long range) => Samples.Create(queue) with { Claim = new ShardClaim(shard, range) };

    private static void AssertResult(CommitResult result, params int[] fenced)
    {
        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Empty(result.Conflicts);
        Assert.Equal(fenced, result.Fenced);
    }
}
