using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using MessageBody = SimplexActors.Actors.Storage.MessageBody;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>What can happen to a call of a store.</summary>
public enum StoreFault
{
    /// <summary>Not executed, reported as failed.</summary>
    Error,

    /// <summary>Not executed; the caller learns only that it took too long.</summary>
    TimeOut,

    /// <summary>Executed, but the caller learns only that something failed.</summary>
    ExecutedButReportedFailed,

    /// <summary>Executed after <see cref="FaultyQueueStore.Delay"/>.</summary>
    Slow,

    /// <summary>Writes fail because the disk is full; reads work.</summary>
    Full,

    /// <summary>Writes fail because the store is read-only; reads work.</summary>
    ReadOnly,
}

/// <summary>The methods of <see cref="IQueueStore"/> that faults can be injected into.</summary>
public enum StoreMethod
{
    Load,
    Commit,
    Resolve,
    ReadBody,
    ReadLink,
    ReadNotifications,
    FindExpired,
    FindUnused,
    ExpireNotifications,
    Count,
    Services,
    ReadStatistics,
    ReadPeriods,
    WriteStatistics,
    Measure,
}

/// <summary>
/// A store with injected faults: scripted per method with <see cref="Inject"/>, or at random from a seed with
/// <see cref="InjectAtRandom"/>; the same seed and the same calls give the same faults.
/// </summary>
public sealed partial class FaultyQueueStore(IQueueStore inner, TimeProvider time) : IQueueStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StoreMethod, Queue<StoreFault>> _script = [];
    private readonly Dictionary<StoreMethod, StoreFault> _lasting = [];
    private Random? _random;
    private double _probability;
    private StoreFault[] _choice = [];

    /// <summary>How long a slow call waits.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Faults injected so far.</summary>
    public int Injected { get; private set; }

    /// <summary>The next <paramref name="times"/> calls of a method suffer a fault.</summary>
    public void Inject(StoreMethod method, StoreFault fault, int times = 1)
    {
        lock (_lock)
        {
            if (!_script.TryGetValue(method, out Queue<StoreFault>? faults))
            {
                _script[method] = faults = new Queue<StoreFault>();
            }

            for (int i = 0; i < times; i++)
            {
                faults.Enqueue(fault);
            }
        }
    }

    /// <summary>All calls of a method suffer a fault until <see cref="Heal"/>.</summary>
    public void InjectAlways(StoreMethod method, StoreFault fault)
    {
        lock (_lock)
        {
            _lasting[method] = fault;
        }
    }

    /// <summary>Every call suffers one of <paramref name="faults"/> with a probability, until <see cref="Heal"/>.</summary>
    public void InjectAtRandom(int seed, double probability, params StoreFault[] faults)
    {
        lock (_lock)
        {
            _random = new Random(seed);
            _probability = probability;
            _choice = faults;
        }
    }

    /// <summary>No faults from now on.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            _script.Clear();
            _lasting.Clear();
            _random = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<QueueChange>> sets, CancellationToken cancellation)
    {
        switch (Next(StoreMethod.Commit))
        {
            case StoreFault.Error:
                return Failed(CommitOutcome.Failed, "injected error");
            case StoreFault.Full:
                return Failed(CommitOutcome.Failed, "injected: no space left on the disk");
            case StoreFault.ReadOnly:
                return Failed(CommitOutcome.Failed, "injected: the store is read-only");
            case StoreFault.TimeOut:
                return Failed(CommitOutcome.Unknown, "injected time-out");
            case StoreFault.ExecutedButReportedFailed:
                await inner.CommitAsync(sets, cancellation);
                return Failed(CommitOutcome.Unknown, "injected: the connection broke after the commit");
            case StoreFault.Slow:
                await Task.Delay(Delay, time, cancellation);
                break;
        }

        return await inner.CommitAsync(sets, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredQueue?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) =>
        CallAsync(StoreMethod.Load, () => inner.LoadAsync(ids, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<EntityId?> ResolveAsync(QueueAlias kind, EntityId alias, CancellationToken cancellation) =>
        CallAsync(StoreMethod.Resolve, () => inner.ResolveAsync(kind, alias, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<MessageBody> ReadBodyAsync(EntityId recipientId, MessageHeader header, CancellationToken cancellation) =>
        CallAsync(StoreMethod.ReadBody, () => inner.ReadBodyAsync(recipientId, header, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<LinkData?> ReadLinkAsync(EntityId linkId, CancellationToken cancellation) =>
        CallAsync(StoreMethod.ReadLink, () => inner.ReadLinkAsync(linkId, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredNotification>> ReadNotificationsAsync(EntityId notifierId, CancellationToken cancellation) =>
        CallAsync(StoreMethod.ReadNotifications, () => inner.ReadNotificationsAsync(notifierId, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<(IReadOnlyList<EntityId> Queues, ExpiryCursor? Cursor)> FindExpiredAsync(
        long olderThan, ExpiryCursor cursor, int limit, CancellationToken cancellation) =>
        CallAsync(StoreMethod.FindExpired, () => inner.FindExpiredAsync(olderThan, cursor, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindUnusedAsync(
        UnusedSince since, EntityId after, int limit, CancellationToken cancellation) =>
        CallAsync(StoreMethod.FindUnused, () => inner.FindUnusedAsync(since, after, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<int> ExpireNotificationsAsync(long olderThan, CancellationToken cancellation) =>
        CallAsync(StoreMethod.ExpireNotifications, () => inner.ExpireNotificationsAsync(olderThan, cancellation), cancellation, writes: true);

    /// <inheritdoc/>
    public ValueTask<long> MeasureAsync(CancellationToken cancellation) =>
        CallAsync(StoreMethod.Measure, () => inner.MeasureAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<StoreCounts> CountAsync(CancellationToken cancellation) =>
        CallAsync(StoreMethod.Count, () => inner.CountAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public long NotificationsLost => inner.NotificationsLost;

    /// <inheritdoc/>
    public ValueTask<StoredStatistics?> ReadStatisticsAsync(CancellationToken cancellation) =>
        CallAsync(StoreMethod.ReadStatistics, () => inner.ReadStatisticsAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StatisticsPeriod>> ReadPeriodsAsync(CancellationToken cancellation) =>
        CallAsync(StoreMethod.ReadPeriods, () => inner.ReadPeriodsAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public async ValueTask WriteStatisticsAsync(StatisticsUpdate update, CancellationToken cancellation) =>
        _ = await CallAsync(StoreMethod.WriteStatistics, () => WriteAsync(update, cancellation), cancellation, writes: true);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<bool> WriteAsync(StatisticsUpdate update, CancellationToken cancellation)
    {
        await inner.WriteStatisticsAsync(update, cancellation);
        return true;
    }

    private static CommitResult Failed(CommitOutcome outcome, string cause) => new(outcome, [], new IOException(cause));

    private async ValueTask<TResult> CallAsync<TResult>(StoreMethod method, Func<ValueTask<TResult>> call, CancellationToken cancellation, bool writes = false)
    {
        StoreFault? fault = Next(method);
        switch (fault)
        {
            case StoreFault.Error or StoreFault.TimeOut:
            case StoreFault.Full or StoreFault.ReadOnly when writes:
                throw new StoreUnavailableException($"injected: {fault}");
            case StoreFault.ExecutedButReportedFailed:
                await call();
                throw new StoreUnavailableException($"injected: {fault}");
            case StoreFault.Slow:
                await Task.Delay(Delay, time, cancellation);
                break;
        }

        return await call();
    }

    private StoreFault? Next(StoreMethod method)
    {
        lock (_lock)
        {
            StoreFault? fault =
                _script.TryGetValue(method, out Queue<StoreFault>? faults) && faults.TryDequeue(out StoreFault scripted) ? scripted
                : _lasting.TryGetValue(method, out StoreFault lasting) ? lasting
                : _random is not null && _random.NextDouble() < _probability ? _choice[_random.Next(_choice.Length)]
                : null;
            Injected += fault is null ? 0 : 1;
            return fault;
        }
    }
}
