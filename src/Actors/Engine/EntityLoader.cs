using Microsoft.Extensions.Logging;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>One entity that waits to be read from the store.</summary>
internal interface ILoadRequest<in TRow>
    where TRow : class
{
    /// <summary>The entity.</summary>
    EntityId EntityId { get; }

    /// <summary>The read ended: with a row, with null for nothing stored, or with an error. Must return at once.</summary>
    void Complete(TRow? row, Exception? error);
}

/// <summary>
/// Reads entities for all shards of a region: what waits is read with one call, a few calls run at a time, and
/// what must be read again waits for a pause. While the store does not answer only one call of these is tried after each
/// pause; the first answer, to whomever, lets all others follow at once.
/// </summary>
internal sealed class EntityLoader<TRow, TChange> : IThreadPoolWorkItem
    where TRow : class
{
    private readonly IEntityStore<TRow, TChange> _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogThrottle _throttle;

    private readonly Lock _gate = new();
    private readonly Queue<ILoadRequest<TRow>> _waiting = [];
    private readonly List<ILoadRequest<TRow>> _later = [];
    private ITimer? _retryTimer;
    private bool _isPausing;
    private bool _isFailing;
    private bool _closed;
    private int _running;

    /// <summary>Makes the loader of one region.</summary>
    public EntityLoader(IEntityStore<TRow, TChange> store, TimeProvider time, ILogger logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _throttle = new LogThrottle(time, Limits.FaultLogInterval);
    }

    /// <summary>Reads these as soon as a call is free.</summary>
    public void Request(IReadOnlyList<ILoadRequest<TRow>> requests)
    {
        bool start;
        lock (_gate)
        {
            for (int i = 0; i < requests.Count; i++)
            {
                _waiting.Enqueue(requests[i]);
            }

            start = TryStart();
        }

        Start(start);
    }

    /// <summary>Reads this after a pause.</summary>
    public void RequestLater(ILoadRequest<TRow> request)
    {
        bool start = false;
        lock (_gate)
        {
            if (_closed)
            {
                _waiting.Enqueue(request);
                start = TryStart();
            }
            else
            {
                _later.Add(request);
                Pause();
            }
        }

        Start(start);
    }

    /// <summary>From now on nothing pauses: a stopping node tries once more and gives up.</summary>
    public void StopPausing()
    {
        lock (_gate)
        {
            _closed = true;
            _retryTimer?.Dispose();
            _retryTimer = null;
        }

        Request(TakeLater());
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => _ = EngineFailure.GuardAsync(RunAsync());

    private void PauseElapsed()
    {
        lock (_gate)
        {
            _isPausing = false;
        }

        Request(TakeLater());
    }

    // Inside the gate.
    private void Pause()
    {
        if (!_isPausing && !_closed)
        {
            _isPausing = true;
            _retryTimer ??= _time.CreateTimer(static self => ((EntityLoader<TRow, TChange>)self!).PauseElapsed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _retryTimer.Change(Limits.LoadRetry, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What is to be read again: all of it, or as much as one call reads while the store does not answer.</summary>
    private List<ILoadRequest<TRow>> TakeLater()
    {
        lock (_gate)
        {
            int count = _isFailing && !_closed ? Math.Min(_later.Count, Limits.EntitiesPerLoad) : _later.Count;
            List<ILoadRequest<TRow>> due = _later[..count];
            _later.RemoveRange(0, count);
            return due;
        }
    }

    private void Answered()
    {
        bool isBack;
        lock (_gate)
        {
            isBack = _isFailing;
            _isFailing = false;
        }

        if (isBack)
        {
            Request(TakeLater());
        }
    }

    private void Failed()
    {
        lock (_gate)
        {
            _isFailing = true;
            if (_later.Count > 0)
            {
                Pause();
            }
        }
    }

    private bool TryStart()
    {
        if (_waiting.Count == 0 || _running == Limits.ConcurrentLoads)
        {
            return false;
        }

        _running++;
        return true;
    }

    private void Start(bool start)
    {
        if (start)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task RunAsync()
    {
        List<ILoadRequest<TRow>> batch = [];
        List<EntityId> ids = [];
        while (Take(batch, ids))
        {
            await LoadAsync(batch, ids);
        }
    }

    private bool Take(List<ILoadRequest<TRow>> batch, List<EntityId> ids)
    {
        batch.Clear();
        ids.Clear();
        lock (_gate)
        {
            while (batch.Count < Limits.EntitiesPerLoad && _waiting.TryDequeue(out ILoadRequest<TRow>? request))
            {
                batch.Add(request);
                ids.Add(request.EntityId);
            }

            if (batch.Count == 0)
            {
                _running--;
            }

            return batch.Count > 0;
        }
    }

    private async Task LoadAsync(List<ILoadRequest<TRow>> batch, List<EntityId> ids)
    {
        IReadOnlyList<TRow?>? rows = null;
        Exception? error = null;
        try
        {
            rows = await _store.LoadAsync(ids, CancellationToken.None);
            if (rows.Count != ids.Count)
            {
                throw new StoreUnavailableException($"The store returned {rows.Count} rows for {ids.Count} ids.");
            }

            Answered();
        }
        catch (Exception unreadable)
        {
            error = unreadable;
            Failed();
            if (_throttle.TryEnter(out long suppressed))
            {
                EngineLog.LoadFailed(_logger, unreadable, ids.Count, suppressed);
            }
        }

        for (int i = 0; i < batch.Count; i++)
        {
            batch[i].Complete(error is null ? rows![i] : null, error);
        }
    }
}
