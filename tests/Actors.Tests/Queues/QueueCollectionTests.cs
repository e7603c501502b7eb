using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Tests.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>The job that looks for unused queues.</summary>
public sealed class QueueCollectionTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly ManualTimeProvider _time = new();
    private readonly List<(EntityId Queue, QueueCommand Command)> _told = [];
    private SqliteQueueStore? _store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SqliteQueueStore Store => _store!;

    private int Today => QueueRecord.DayOf(_time.GetUtcNow());

    public async ValueTask InitializeAsync() => _store = await SqliteQueueStore.OpenAsync(
        new SqliteStoreOptions { Path = Path.Combine(_folder.FullName, "queues.db") }, NullLogger<SqliteQueueStore>.Instance, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    [Spec("S-504")]
    public async Task Unused_queues_are_told_and_used_ones_not()
    {
        EntityId[] unused = await FillAsync(3, Today - 31, QueueStatus.Active);
        EntityId[] off = await FillAsync(3, Today - 41, QueueStatus.Off);
        await FillAsync(3, Today - 30, QueueStatus.Active);
        await FillAsync(3, Today - 30, QueueStatus.Off);
        await RunAsync(new QueueCollectionOptions { UnusedAfter = TimeSpan.FromDays(30), SuspendedAfter = TimeSpan.FromDays(40) });
        Assert.Equal([.. unused, .. off], _told.Select(told => told.Queue).ToHashSet());
        Assert.All(_told, told => Assert.Equal(new QueueCommand.Collect(new UnusedSince(Today - 30, Today - 40), Today), told.Command));

        _told.Clear();
        await RunAsync(new QueueCollectionOptions { SuspendedAfter = TimeSpan.FromDays(40) });
        Assert.Equal(off.ToHashSet(), _told.Select(told => told.Queue).ToHashSet());
    }

    [Fact]
    [Spec("S-504")]
    public async Task Pages_are_read_with_pauses()
    {
        EntityId[] unused = await FillAsync(Limits.CollectionPageQueues + 1, Today - 31, QueueStatus.Active);
        Task run = RunAsync(new QueueCollectionOptions { UnusedAfter = TimeSpan.FromDays(30) });
        await _time.TimersArmedAsync(1);
        Assert.Equal(Limits.CollectionPageQueues, _told.Count);
        _time.Advance(Limits.CollectionPageInterval);
        await run;
        Assert.Equal(unused.ToHashSet(), _told.Select(told => told.Queue).ToHashSet());
    }

    private Task RunAsync(QueueCollectionOptions options) => new QueueCollection(Store, Tell, _time, options, NullLogger.Instance)
        .RunAsync(new Progress<QueueCollectionProgress>(), Cancellation);

    private ValueTask Tell(EntityId queue, QueueCommand command)
    {
        _told.Add((queue, command));
        return ValueTask.CompletedTask;
    }

    private async Task<EntityId[]> FillAsync(int count, int day, QueueStatus status)
    {
        QueueRecord[] queues = [.. Enumerable.Range(0, count).Select(_ => Samples.Queue() with { UpdatedDay = day, Status = status })];
        CommitResult result = await Store.CommitAsync([.. queues.Select(queue => Samples.Create(queue))], Cancellation);
        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        return [.. queues.Select(queue => queue.RecipientId)];
    }
}
