using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Nodes.LocalCluster;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>The database goes away and comes back: calls fail, are told of once, and work again; what was confirmed is there.</summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private readonly Recorder _log = new();
    private PrivatePostgres? _server;

    private PrivatePostgres Server => _server!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        _server = await PostgresServer.StartOwnAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_fail_while_the_database_is_away_and_work_when_it_is_back(bool isKilled)
    {
        QueueRecord queue = Samples.Queue();
        await using PostgresQueueStore store = await PostgresTestStore.OpenAsync(Server.ConnectionString(), logger: _log);
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync([Samples.Create(queue)], Cancellation)).Outcome);
        await (isKilled ? Server.KillAsync() : Server.StopAsync());

        for (int i = 0; i < 5; i++)
        {
            Assert.NotEqual(CommitOutcome.Committed, (await store.CommitAsync([Samples.Create(Samples.Queue())], Cancellation)).Outcome);
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.LoadAsync([queue.RecipientId], Cancellation));
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.Services.DeleteUnusedAsync(1, Cancellation));
        }

        await Server.StartAsync(Cancellation);
        StoredQueue? row = await UntilItWorksAsync(async () => (await store.LoadAsync([queue.RecipientId], Cancellation))[0]);
        Assert.NotNull(row);
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync([Samples.Add(queue, Samples.Header(1), [1])], Cancellation)).Outcome);
        Assert.Equal([2002, 2003, 3052, 3053], _log.Ids.Where(id => id is 2002 or 2003 or 3052 or 3053).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_rested_while_the_database_was_started_again_does_not_notice(bool isKilled)
    {
        var time = new ManualTimeProvider();
        QueueRecord queue = Samples.Queue();
        await using PostgresQueueStore store = await PostgresTestStore.OpenAsync(Server.ConnectionString(), logger: _log, time: time);
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync([Samples.Create(queue)], Cancellation)).Outcome);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.LoadAsync([queue.RecipientId], Cancellation).AsTask()));
        await (isKilled ? Server.KillAsync() : Server.StopAsync());
        await Server.StartAsync(Cancellation);
        time.Advance(PostgresLimits.Rest);

        Assert.NotNull((await store.LoadAsync([queue.RecipientId], Cancellation))[0]);
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync([Samples.Add(queue, Samples.Header(1), [1])], Cancellation)).Outcome);
        Assert.Equal(0, await store.Services.DeleteUnusedAsync(1, Cancellation));
        Assert.DoesNotContain(_log.Ids, id => id is 2002 or 3052);
    }

    [Fact]
    public async Task What_was_confirmed_is_there_and_nothing_else_after_the_database_was_killed_under_load()
    {
        await using PostgresQueueStore store = await PostgresTestStore.OpenAsync(Server.ConnectionString(), logger: _log);
        QueueRecord queue = Samples.Queue();
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync([Samples.Create(queue)], Cancellation)).Outcome);
        var confirmed = new HashSet<long>();
        var unknown = new HashSet<long>();
        long sequence = 0;
        for (int round = 0; round < 4; round++)
        {
            int before = confirmed.Count;
            Task? kill = null;
            while (kill is not { IsCompleted: true })
            {
                sequence++;
                CommitResult result = await store.CommitAsync([Samples.Add(queue, Samples.Header(sequence), Samples.Bytes(8_000))], Cancellation);
                (result.Outcome switch
                {
                    CommitOutcome.Committed => confirmed,
                    CommitOutcome.Unknown => unknown,
                    _ => [],
                }).Add(sequence);
                kill ??= confirmed.Count >= before + 20 ? Server.KillAsync() : null;
            }

            await kill;
            await Server.StartAsync(Cancellation);
            StoredQueue? row = await UntilItWorksAsync(async () => (await store.LoadAsync([queue.RecipientId], Cancellation))[0]);
            var stored = row!.Messages.Select(message => message.Sequence).ToHashSet();
            Assert.Superset(confirmed, stored);
            Assert.Subset(confirmed.Concat(unknown).ToHashSet(), stored);
            confirmed = stored;
        }
    }

    // A pooled connection may still be one to the server that died.
    private static async Task<TResult> UntilItWorksAsync<TResult>(Func<Task<TResult>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException)
            {
                Assert.False(Cancellation.IsCancellationRequested);
            }
        }
    }

    private sealed class Recorder : ILogger<PostgresQueueStore>
    {
        private readonly ConcurrentQueue<int> _ids = [];

        public IReadOnlyCollection<int> Ids => _ids;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _ids.Enqueue(eventId.Id);
    }
}
