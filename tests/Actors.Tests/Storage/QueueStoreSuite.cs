using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>
/// What every implementation of <see cref="IQueueStore"/> must do; each has a class that derives from every
/// part of the suite and opens its store. Each test has a store of its own.
/// </summary>
public abstract class QueueStoreSuite : IAsyncLifetime
{
    private IQueueStore? _store;

    /// <summary>The store under test.</summary>
    protected IQueueStore Store => _store ?? throw new InvalidOperationException("The store is closed.");

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test, the same one each time.</summary>
    protected abstract Task<IQueueStore> OpenAsync();

    /// <summary>Removes the store of this test; it is closed.</summary>
    protected abstract ValueTask RemoveAsync();

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the store and opens it again.</summary>
    protected async Task ReopenAsync()
    {
        await CloseAsync();
        _store = await OpenAsync();
    }

    /// <summary>Closes the store.</summary>
    protected async Task CloseAsync()
    {
        if (_store is { } open)
        {
            _store = null;
            await open.DisposeAsync();
        }
    }

    /// <summary>Commits sets that must be stored whole.</summary>
    protected async Task CommitAsync(params IReadOnlyList<WriteSet<QueueChange>> sets)
    {
        CommitResult result = await Store.CommitAsync(sets, Cancellation);
        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Empty(result.Conflicts);
    }

    /// <summary>Loads one queue.</summary>
    protected async Task<StoredQueue?> LoadAsync(EntityId recipientId) =>
        Assert.Single(await Store.LoadAsync([recipientId], Cancellation));

    /// <summary>Loads the record of one queue.</summary>
    protected async Task<QueueRecord?> LoadRecordAsync(EntityId recipientId) => (await LoadAsync(recipientId))?.Record;

    /// <summary>Asserts that two records are equal, arrays by their contents.</summary>
    protected static void AssertSame(QueueRecord expected, QueueRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.RecipientKeys.AsEnumerable(), actual.RecipientKeys);
        Assert.Equal(expected.DhSecret.AsEnumerable(), actual.DhSecret);
        Assert.Equal(expected.Notifier?.DhSecret.AsEnumerable(), actual.Notifier?.DhSecret.AsEnumerable());
        Assert.Equal(Plain(expected), Plain(actual));

        static QueueRecord Plain(QueueRecord record) => record with
        {
            RecipientKeys = [],
            DhSecret = [],
            Notifier = record.Notifier is { } notifier ? notifier with { DhSecret = [] } : null,
        };
    }
}
