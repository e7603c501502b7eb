using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Suite: the fault injector before a store does what it says; tests of the engine rely on it.</summary>
public abstract class FaultyQueueStoreSuite : IAsyncLifetime
{
    private FaultyQueueStore? _store;

    private FaultyQueueStore Store => _store!;

    /// <summary>Opens the store of this test.</summary>
    protected abstract Task<IQueueStore> OpenAsync();

    /// <summary>Removes the store of this test; it is closed.</summary>
    protected abstract ValueTask RemoveAsync();

    public async ValueTask InitializeAsync() => _store = new FaultyQueueStore(await OpenAsync(), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (_store is { } open)
        {
            await open.DisposeAsync();
        }

        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(StoreFault.Error, CommitOutcome.Failed, false)]
    [InlineData(StoreFault.Full, CommitOutcome.Failed, false)]
    [InlineData(StoreFault.ReadOnly, CommitOutcome.Failed, false)]
    [InlineData(StoreFault.TimeOut, CommitOutcome.Unknown, false)]
    [InlineData(StoreFault.ExecutedButReportedFailed, CommitOutcome.Unknown, true)]
    [InlineData(StoreFault.Slow, CommitOutcome.Committed, true)]
    public async Task A_commit_suffers_the_scripted_fault_once(StoreFault fault, CommitOutcome outcome, bool stored)
    {
        QueueRecord record = Samples.Queue();
        QueueRecord next = Samples.Queue();
        Store.Inject(StoreMethod.Commit, fault);

        Assert.Equal(outcome, (await Store.CommitAsync([Samples.Create(record)], default)).Outcome);
        Assert.Equal(stored, (await Store.LoadAsync([record.RecipientId], default))[0] is not null);
        Assert.Equal(CommitOutcome.Committed, (await Store.CommitAsync([Samples.Create(next)], default)).Outcome);
        Assert.Equal(1, Store.Injected);
    }

    [Fact]
    public async Task A_read_suffers_errors_until_the_store_is_healed()
    {
        Store.InjectAlways(StoreMethod.Count, StoreFault.Error);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.CountAsync(default));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.CountAsync(default));
        Store.Heal();
        Assert.Equal(new StoreCounts(0, 0, 0, 0), await Store.CountAsync(default));
    }

    [Fact]
    public async Task A_full_store_can_be_read()
    {
        Store.InjectAtRandom(seed: 1, probability: 1, StoreFault.Full, StoreFault.ReadOnly);
        Assert.Equal(new StoreCounts(0, 0, 0, 0), await Store.CountAsync(default));
        Assert.Equal(CommitOutcome.Failed, (await Store.CommitAsync([Samples.Create(Samples.Queue())], default)).Outcome);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.ExpireNotificationsAsync(1, default));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_faults()
    {
        Assert.Equal(await OutcomesAsync(7), await OutcomesAsync(7));
        Assert.NotEqual(await OutcomesAsync(7), await OutcomesAsync(8));

        async Task<List<CommitOutcome>> OutcomesAsync(int seed)
        {
            Store.InjectAtRandom(seed, 0.5, StoreFault.Error, StoreFault.TimeOut);
            var outcomes = new List<CommitOutcome>();
            for (int i = 0; i < 40; i++)
            {
                outcomes.Add((await Store.CommitAsync([], default)).Outcome);
            }

            return outcomes;
        }
    }
}
