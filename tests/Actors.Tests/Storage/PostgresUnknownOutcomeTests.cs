using Npgsql;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>
/// A connection that breaks in the middle of a commit: the server still holds the commit and would carry it out later. Read
/// by the store, the truth does not change any more.
/// </summary>
public sealed class PostgresUnknownOutcomeTests(PostgresServer server) : IAsyncLifetime
{
    private readonly PostgresTestStore _postgres = new(server);
    private readonly QueueRecord _queue = Samples.Queue();
    private CuttableProxy? _proxy;
    private PostgresQueueStore? _store;
    private PostgresDatabase? _database;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await _postgres.DatabaseAsync();
        var way = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        _proxy = new CuttableProxy(way.Port);
        way.Port = _proxy.Port;

        // By a clock that stands still no connection rests so long that the store looks whether it is still there.
        _store = await PostgresTestStore.OpenAsync(way.ConnectionString, time: new ManualTimeProvider());
        await _database.ExecuteAsync("INSERT INTO shards (shard_no, range_id) VALUES (0, 1)");
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is { } store)
        {
            await store.DisposeAsync();
            await _proxy!.DisposeAsync();
        }

        await _postgres.RemoveAsync();
    }

    [Fact]
    public async Task Without_settling_a_commit_would_appear_after_it_was_read_that_there_is_none()
    {
        await using NpgsqlConnection holder = await HoldShardAsync();
        await CutInTheMiddleAsync();
        Assert.False(await IsStoredAsync());
        await holder.CloseAsync();
        await PostgresWaits.UntilAsync(_database!, "SELECT count(*) = 1 FROM queues");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_store_reads_stays_true(bool readsBySets)
    {
        await using NpgsqlConnection bystander = await _database!.ConnectAsync();
        await using NpgsqlConnection holder = await HoldShardAsync();
        await CutInTheMiddleAsync();
        if (readsBySets)
        {
            AssertCommitted(await _store!.CommitAsync([Samples.Create(Samples.Queue())], Cancellation));
        }
        else
        {
            Assert.Null((await _store!.LoadAsync([_queue.RecipientId], Cancellation))[0]);
        }

        await PostgresWaits.UntilAsync(_database!, "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')");
        await holder.CloseAsync();
        await PostgresWaits.UntilAsync(_database!, "SELECT NOT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'shards'::regclass)");
        Assert.False(await IsStoredAsync());

        AssertCommitted(await _store.CommitAsync([Set()], Cancellation));
        await ExecuteAsync(bystander, "SELECT 1");
        Assert.NotNull((await _store.LoadAsync([_queue.RecipientId], Cancellation))[0]);
    }

    [Fact]
    public async Task A_commit_that_was_carried_out_is_there_when_it_is_read()
    {
        // Deferred work of the commit waits: the rows are written, the commit is not.
        await using NpgsqlConnection holder = await _database!.ConnectAsync();
        await ExecuteAsync(holder, "BEGIN; LOCK TABLE message_bytes IN SHARE MODE");
        AssertCommitted(await _store!.CommitAsync([Samples.Create(_queue)], Cancellation));
        Task<CommitResult> commit = _store.CommitAsync([Samples.Add(_queue, Samples.Header(1), [1])], Cancellation).AsTask();
        await PostgresWaits.UntilBlockedAsync(_database);
        await holder.CloseAsync();
        AssertCommitted(await commit);
        _proxy!.Cut();
        Assert.NotEqual(CommitOutcome.Committed, (await _store.CommitAsync([Samples.Add(_queue, Samples.Header(2), [1])], Cancellation)).Outcome);
        StoredQueue row = await RetryAsync();
        Assert.Equal(await _database.ScalarAsync<long>("SELECT count(*) FROM messages"), row.Messages.Count);
    }

    // Connections that waited in the pool were cut too: a read may meet one of them once.
    private async Task<StoredQueue> RetryAsync()
    {
        while (true)
        {
            try
            {
                return (await _store!.LoadAsync([_queue.RecipientId], Cancellation))[0]!;
            }
            catch (StoreUnavailableException)
            {
                Assert.False(Cancellation.IsCancellationRequested);
            }
        }
    }

    private WriteSet<QueueChange> Set() => Samples.Create(_queue) with { Claim = new ShardClaim(0, 1) };

    private async Task<NpgsqlConnection> HoldShardAsync()
    {
        NpgsqlConnection holder = await _database!.ConnectAsync();
        await ExecuteAsync(holder, "BEGIN; SELECT 1 FROM shards WHERE shard_no = 0 FOR UPDATE");
        return holder;
    }

    private async Task CutInTheMiddleAsync()
    {
        Task<CommitResult> commit = _store!.CommitAsync([Set()], Cancellation).AsTask();
        await PostgresWaits.UntilBlockedAsync(_database!);
        _proxy!.Cut();
        CommitResult result = await commit;
        Assert.Equal(CommitOutcome.Unknown, result.Outcome);
        Assert.NotNull(result.Cause);
    }

    private async Task<bool> IsStoredAsync() => await _database!.ScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM queues WHERE sender_id = '\\x" + Convert.ToHexString(_queue.SenderId.Bytes) + "')");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static void AssertCommitted(CommitResult result) => Assert.Equal(CommitOutcome.Committed, result.Outcome);
}
