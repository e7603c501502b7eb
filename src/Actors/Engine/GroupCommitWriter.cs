using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Engine;

/// <summary>
/// The one writer of a store. It takes every decision that waits, commits their changes as one transaction and
/// then performs their effects, in the order in which the decisions were made; meanwhile the next batch forms.
/// There is no timer: a lone decision is committed at once.
/// </summary>
/// <remarks>
/// A decision without changes passes through when it must come after others of its entity. When a set was not
/// stored, its entity's incarnation is poisoned and every later decision of it comes back without reaching the
/// store. A set that the store may skip (an id is taken) is the last one of its entity in its transaction, so
/// that nothing is ever stored on top of a set that was skipped.
/// </remarks>
/// <typeparam name="TRow">What the store loads.</typeparam>
/// <typeparam name="TChange">One change of the store.</typeparam>
public sealed class GroupCommitWriter<TRow, TChange> : IThreadPoolWorkItem, IAsyncDisposable
    where TRow : class
{
    private readonly IEntityStore<TRow, TChange> _store;
    private readonly Func<TChange, int>? _bytesOf;
    private readonly int _maxWaiting;
    private readonly ILogger _logger;
    private readonly LogThrottle _throttle;

    private readonly Lock _gate = new();
    private readonly Queue<PendingWrite<TChange>> _waiting = [];
    private List<IRoomWaiter> _roomWaiters = [];
    private bool _running;
    private int _waitingCount;

    // Used by the one running drain only.
    private readonly List<PendingWrite<TChange>> _batch = [];
    private readonly List<WriteSet<TChange>> _sets = [];
    private long _batchNumber;

    private long _commits;
    private long _committedSets;
    private long _unconfirmedCommits;

    /// <summary>Makes the writer of <paramref name="store"/>.</summary>
    /// <param name="store">What it writes to; nobody else may.</param>
    /// <param name="logger">For transactions that were not confirmed.</param>
    /// <param name="time">For the rate of log lines.</param>
    /// <param name="bytesOf">Bytes a change adds to a transaction; null when only the number of sets matters.</param>
    /// <param name="maxWaiting">Decisions that may wait before shards stop.</param>
    public GroupCommitWriter(
        IEntityStore<TRow, TChange> store,
        ILogger logger,
        TimeProvider time,
        Func<TChange, int>? bytesOf = null,
        int maxWaiting = Limits.DecisionsWaitingForCommit)
    {
        _store = store;
        _logger = logger;
        _bytesOf = bytesOf;
        _maxWaiting = maxWaiting;
        _throttle = new LogThrottle(time, Limits.FaultLogInterval);
    }

    /// <summary>What the writer did so far.</summary>
    public WriterMetrics Metrics => new(
        Volatile.Read(ref _waitingCount),
        Interlocked.Read(ref _commits),
        Interlocked.Read(ref _committedSets),
        Interlocked.Read(ref _unconfirmedCommits));

    /// <summary>Too many decisions wait; shards should stop deciding.</summary>
    internal bool IsFull => Volatile.Read(ref _waitingCount) >= _maxWaiting;

    /// <summary>Completes when everything submitted before was committed or rejected, its effects performed.</summary>
    public Task FlushAsync()
    {
        var marker = new FlushMarker { Changes = [] };
        Submit([marker]);
        return marker.Done;
    }

    /// <summary>Flushes. The caller makes sure that nothing is submitted any more.</summary>
    public async ValueTask DisposeAsync() => await FlushAsync();

    /// <summary>Takes decisions, in order.</summary>
    internal void Submit(IReadOnlyList<PendingWrite<TChange>> writes)
    {
        bool start;
        lock (_gate)
        {
            for (int i = 0; i < writes.Count; i++)
            {
                _waiting.Enqueue(writes[i]);
            }

            _waitingCount = _waiting.Count;
            start = !_running;
            _running = true;
        }

        if (start)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>True when the writer is still full; then <paramref name="waiter"/> is told when there is room.</summary>
    internal bool WaitForRoom(IRoomWaiter waiter)
    {
        lock (_gate)
        {
            if (_waiting.Count < _maxWaiting)
            {
                return false;
            }

            _roomWaiters.Add(waiter);
            return true;
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => _ = EngineFailure.GuardAsync(DrainAsync());

    private async Task DrainAsync()
    {
        while (TakeBatch(out List<IRoomWaiter>? hasRoom))
        {
            hasRoom?.ForEach(waiter => waiter.HasRoom());
            PrepareBatch();
            CommitResult result = _sets.Count == 0 ? CommitResult.Committed : await CommitAsync();
            FinishBatch(result);
        }
    }

    private bool TakeBatch(out List<IRoomWaiter>? hasRoom)
    {
        hasRoom = null;
        _batch.Clear();
        _batchNumber++;
        lock (_gate)
        {
            long bytes = 0;
            while (_batch.Count < Limits.SetsPerCommit
                && bytes < Limits.BytesPerCommit
                && _waiting.TryPeek(out PendingWrite<TChange>? write)
                && (write.Changes.Length == 0 || write.Owner.LastConflictingBatch != _batchNumber))
            {
                _batch.Add(_waiting.Dequeue());
                bytes += BytesOf(write);
                if (write.MayConflict)
                {
                    write.Owner.LastConflictingBatch = _batchNumber;
                }
            }

            _waitingCount = _waiting.Count;
            if (_roomWaiters.Count > 0 && _waiting.Count < _maxWaiting)
            {
                (hasRoom, _roomWaiters) = (_roomWaiters, []);
            }

            _running = _batch.Count > 0;
            return _running;
        }
    }

    /// <summary>Collects the sets; performs what waits for none of them.</summary>
    private void PrepareBatch()
    {
        bool outer = TurnScope.Enter();
        _sets.Clear();
        foreach (PendingWrite<TChange> write in _batch)
        {
            write.SetIndex = -1;
            if (write.Owner.IsPoisoned)
            {
                continue;
            }

            if (write.Changes.Length > 0)
            {
                write.SetIndex = _sets.Count;
                write.Owner.LastBatch = _batchNumber;
                _sets.Add(new WriteSet<TChange>(write.EntityId, write.Changes, write.Claim));
            }
            else if (write.Owner.LastBatch != _batchNumber)
            {
                PerformAlone(write);
            }
        }

        TurnScope.Exit(outer);
    }

    // What waits for a set of its entity in this batch needs no such check: the commit compares the claim for both.
    private static void PerformAlone(PendingWrite<TChange> write)
    {
        if (write.MayPerform)
        {
            write.Perform();
            write.IsPerformed = true;
        }
        else
        {
            write.Owner.Poison();
        }
    }

    private async ValueTask<CommitResult> CommitAsync()
    {
        CommitResult result;
        try
        {
            result = await _store.CommitAsync(_sets, CancellationToken.None);
        }
        catch (Exception broken)
        {
            // Against its contract; then nobody knows what was stored.
            result = new CommitResult(CommitOutcome.Unknown, [], broken);
        }

        if (result.Outcome == CommitOutcome.Committed)
        {
            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _committedSets, _sets.Count - result.Conflicts.Length - result.Fenced.Length);
            if (result.Fenced.Length > 0 && _throttle.TryEnter(out long suppressed))
            {
                EngineLog.SetsFenced(_logger, result.Fenced.Length, _sets.Count, suppressed);
            }
        }
        else
        {
            Interlocked.Increment(ref _unconfirmedCommits);
            if (_throttle.TryEnter(out long unlogged))
            {
                EngineLog.CommitNotConfirmed(_logger, result.Cause, _sets.Count, result.Outcome, unlogged);
            }
        }

        return result;
    }

    private void FinishBatch(CommitResult result)
    {
        bool outer = TurnScope.Enter();
        int nextConflict = 0;
        int nextFenced = 0;
        foreach (PendingWrite<TChange> write in _batch)
        {
            WriteRejection? rejection = null;
            if (write.SetIndex >= 0 && result.Outcome != CommitOutcome.Committed)
            {
                rejection = result.Outcome == CommitOutcome.Failed ? WriteRejection.Failed : WriteRejection.Unknown;
            }
            else if (write.SetIndex >= 0 && nextConflict < result.Conflicts.Length && result.Conflicts[nextConflict] == write.SetIndex)
            {
                nextConflict++;
                rejection = WriteRejection.Conflict;
            }
            else if (write.SetIndex >= 0 && nextFenced < result.Fenced.Length && result.Fenced[nextFenced] == write.SetIndex)
            {
                nextFenced++;
                rejection = WriteRejection.Fenced;
            }
            else if (write.Owner.IsPoisoned && !write.IsPerformed)
            {
                rejection = WriteRejection.Failed;
            }

            Finish(write, rejection);
        }

        TurnScope.Exit(outer);
    }

    private static void Finish(PendingWrite<TChange> write, WriteRejection? rejection)
    {
        if (rejection is { } reason)
        {
            write.Owner.Poison();
            write.Reject(reason);
            return;
        }

        if (!write.IsPerformed)
        {
            write.Perform();
        }

        write.Publish();
    }

    private int BytesOf(PendingWrite<TChange> write)
    {
        int bytes = 0;
        if (_bytesOf is not null)
        {
            foreach (TChange change in write.Changes)
            {
                bytes += _bytesOf(change);
            }
        }

        return bytes;
    }

    private sealed class FlushMarker : PendingWrite<TChange>
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override WriteOwner Owner { get; } = new NoOwner();

        public Task Done => _done.Task;

        public override Protocol.Encoding.EntityId EntityId => default;

        public override bool MayConflict => false;

        public override void Perform()
        {
        }

        public override void Publish() => _done.SetResult();

        public override void Reject(WriteRejection reason) => throw new InvalidOperationException("A marker stores nothing that could fail.");

        private sealed class NoOwner : WriteOwner;
    }
}

/// <summary>Waits until the writer has room again.</summary>
internal interface IRoomWaiter
{
    /// <summary>There is room. Must return at once.</summary>
    void HasRoom();
}
