using System.Collections.Immutable;
using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <content>The loop: look at the cluster, do this node's part of what is to be done, wait.</content>
public sealed partial class ShardOwnership
{
    private async Task RunAsync()
    {
        Task listening = _listener.RunAsync(_stop.Token);
        try
        {
            while (!_hasLeft && !_stop.IsCancellationRequested)
            {
                TimeSpan pause = await TryRoundAsync();
                Volatile.Write(ref _lastRound, Math.Max(1, _clock.Now.Ticks));
                if (!_hasLeft)
                {
                    // What happens together is seen together, and a burst of notifications is no burst of questions.
                    await Task.Delay(Limits.OwnershipRoundPause, _clock.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await _wake.WaitAsync(pause, _stop.Token);
                }
            }
        }
        finally
        {
            await _stop.CancelAsync();
            await listening;
            await DropAllAsync();
            _handedOver.TrySetResult();
        }
    }

    /// <returns>Until the next round.</returns>
    private async Task<TimeSpan> TryRoundAsync()
    {
        try
        {
            TimeSpan pause = await RoundAsync();
            _firstRound.TrySetResult();
            return pause;
        }
        catch (Exception outage) when (ClusterDatabase.IsOutage(outage))
        {
            if (_outageLog.TryEnter(out long suppressed))
            {
                OwnershipLog.NoAnswer(_logger, outage, _lease.Remaining, suppressed);
            }

            return _options.RetryPause;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
    }

    private async Task<TimeSpan> RoundAsync()
    {
        if (!_isMember)
        {
            await BecomeMemberAsync(_stop.Token);
        }

        long sent = _clock.Time.GetTimestamp();
        TimeSpan asked = _clock.Now;
        (ClusterView view, bool isMember) = await _database.BeatAsync(Self, _stop.Token);
        if (!isMember)
        {
            await DeclaredDeadAsync();
            return TimeSpan.Zero;
        }

        OwnershipPlan plan = await BeginAsync(view, sent, asked);
        if (!plan.Dead.IsEmpty)
        {
            await DeclareDeadAsync(view, plan.Dead);
            return TimeSpan.Zero;
        }

        if (_isLeaving && view.Find(Self)?.State == NodeState.Live)
        {
            OwnershipLog.Leaving(_logger, Status.OpenShards);
            await _database.SetStateAsync(Self, "leaving", _stop.Token);
            return TimeSpan.Zero;
        }

        view = await ReleaseAsync(view, plan.Release);
        (view, bool isComplete) = await ClaimAsync(view, plan.Claim);
        Publish(view);
        await TryLeaveAsync(view);
        await ForgetGoneAsync();
        return isComplete ? UntilNextRound(asked) : Limits.OwnershipClaimRetry;
    }

    private TimeSpan UntilNextRound(TimeSpan asked)
    {
        TimeSpan next = asked + _options.Heartbeat;
        TimeSpan? silent = _watch.NextSilent(Self, _options.ClaimAfter);
        return (silent < next ? silent.Value : next) - _clock.Now;
    }

    /// <summary>Renews the lease, and does what needs no further question.</summary>
    private async Task<OwnershipPlan> BeginAsync(ClusterView view, long sent, TimeSpan asked)
    {
        while (true)
        {
            Task suspending;
            lock (_gate)
            {
                _stop.Token.ThrowIfCancellationRequested();
                if (_lease.TryExtend(sent, _options.ServeFor))
                {
                    return Decide(view, asked);
                }

                // Its end may not have been noticed yet. A shard that did notice serves nothing until it is resumed.
                SuspendAll();

                // Before the lease is renewed, nothing is served any more that others could have claimed while it was over.
                if (_suspending.IsCompleted)
                {
                    _lease.Renew(sent, _options.ServeFor);
                    return Decide(view, asked);
                }

                suspending = _suspending;
            }

            await suspending;
        }
    }

    // Under the gate.
    private OwnershipPlan Decide(ClusterView view, TimeSpan asked)
    {
        TimeSpan now = _clock.Now;
        _watch = _watch.See(view, asked, now, _options.LongestPause);
        int mayHandOff = _pace.Available(now, _holds.HandOffs, _isLeaving);
        OwnershipPlan plan = OwnershipDecisions.Decide(
            new OwnershipSituation(Self, view, _watch, _holds, _lease.IsValid, mayHandOff, _options));
        _holds = _holds.Begin(plan);
        _pace.Take(plan.Close.Length);
        foreach (int shard in plan.Resume)
        {
            _ = _calls.Resume(shard);
        }

        foreach (int shard in plan.Drop)
        {
            _ = _calls.Drop(shard, Dropped);
        }

        foreach (int shard in plan.Close)
        {
            _ = _calls.Close(shard, Closed);
        }

        if (!plan.Resume.IsEmpty)
        {
            OwnershipLog.Resumed(_logger, plan.Resume.Length, plan.Drop.Length);
        }

        return plan;
    }

    private async Task<ClusterView> ReleaseAsync(ClusterView view, ImmutableArray<(int Shard, long RangeId)> release)
    {
        if (release.IsEmpty)
        {
            return view;
        }

        await _database.ReleaseAsync(Self, release, _stop.Token);
        ImmutableArray<ShardOwner>.Builder shards = view.Shards.ToBuilder();
        lock (_gate)
        {
            foreach ((int shard, long rangeId) in release)
            {
                _holds = _holds.Released(shard);
                shards[shard] = new ShardOwner(NodeNumber.None, rangeId);
            }
        }

        if (_isLeaving && !view.Nodes.Any(node => node.Number != Self && node.State == NodeState.Live))
        {
            // Nobody claims what was released, which would wake this node: it would wait for its heartbeat before it closes more.
            _wake.Set();
        }

        OwnershipLog.Released(_logger, release.Length);
        return view with { Shards = shards.MoveToImmutable() };
    }

    private async Task<(ClusterView View, bool IsComplete)> ClaimAsync(ClusterView view, ImmutableArray<(int Shard, long RangeId)> wanted)
    {
        if (wanted.IsEmpty)
        {
            return (view, true);
        }

        IReadOnlyList<(int Shard, long RangeId)> claimed = await _database.ClaimAsync(Self, wanted, _stop.Token);
        ImmutableArray<ShardOwner>.Builder shards = view.Shards.ToBuilder();
        var opening = new List<Task>(claimed.Count);
        lock (_gate)
        {
            // Without the lease the next round sees them as this node's but not here, and claims them again.
            foreach ((int shard, long rangeId) in _lease.IsValid ? claimed : [])
            {
                _holds = _holds.Claimed(shard, rangeId);
                opening.Add(_calls.Open(shard, rangeId));
                shards[shard] = new ShardOwner(Self, rangeId);
            }
        }

        // The map names an owner that is ready.
        await Task.WhenAll(opening);
        if (claimed.Count > 0)
        {
            OwnershipLog.Claimed(_logger, claimed.Count);
        }

        await EndHoldersAsync(wanted, claimed);
        return (view with { Shards = shards.MoveToImmutable() }, claimed.Count == wanted.Length);
    }

    // A node that froze in the middle of a transaction would hold its shards until the database notices, if ever.
    private async Task EndHoldersAsync(ImmutableArray<(int Shard, long RangeId)> wanted, IReadOnlyList<(int Shard, long RangeId)> claimed)
    {
        ImmutableArray<int> left = [.. wanted.Select(one => one.Shard).Except(claimed.Select(one => one.Shard))];
        if (!left.IsEmpty && await _database.EndHoldersAsync(left, _stop.Token) is > 0 and int ended)
        {
            OwnershipLog.HoldersEnded(_logger, ended);
        }
    }

    private async Task ForgetGoneAsync()
    {
        if (_clock.Now >= _nextForget)
        {
            // Also when it fails: there is no hurry.
            _nextForget = _clock.Now + Limits.GoneNodesLook;
            await _database.ForgetGoneAsync(_stop.Token);
        }
    }

    private async Task DeclareDeadAsync(ClusterView view, ImmutableArray<ClusterNode> dead)
    {
        if (await _database.DeclareGoneAsync(Self, view.Version, dead, _stop.Token))
        {
            foreach (ClusterNode node in dead)
            {
                OwnershipLog.Declared(_logger, node.Number.Value, node.Name);
            }
        }
    }

    private async Task DeclaredDeadAsync()
    {
        OwnershipLog.DeclaredDead(_logger, Self.Value);
        await DropAllAsync();
        lock (_gate)
        {
            _watch = HeartbeatWatch.Begin;
        }

        if (_isLeaving)
        {
            _hasLeft = true;
            return;
        }

        _isMember = false;
    }

    private async Task BecomeMemberAsync(CancellationToken cancellation)
    {
        NodeNumber self = await _registration.RegisterAsync(cancellation);
        Volatile.Write(ref _self, self.Value);
        _isMember = true;
    }

    private async Task TryLeaveAsync(ClusterView view)
    {
        bool isEmpty;
        lock (_gate)
        {
            isEmpty = _holds.IsEmpty;
        }

        if (!isEmpty || view.Find(Self)?.State != NodeState.Leaving || view.Shards.Any(shard => shard.Node == Self))
        {
            return;
        }

        _handedOver.TrySetResult();
        if (_mayGo)
        {
            await _database.SetStateAsync(Self, "gone", _stop.Token);
            _hasLeft = true;
            OwnershipLog.Left(_logger);
        }
    }

    // The lease first: nothing is served while it goes.
    private async Task DropAllAsync()
    {
        _lease.End();
        Task ended;
        lock (_gate)
        {
            (_holds, ImmutableArray<int> drop) = _holds.AllLost();
            foreach (int shard in drop)
            {
                _ = _calls.Drop(shard, Dropped);
            }

            ended = _calls.AllEnded;
        }

        await ended;
        Publish(_view with { Shards = [.. _view.Shards.Select(owner => owner.Node == Self ? owner with { Node = NodeNumber.None } : owner)] });
    }

    private void Publish(ClusterView view)
    {
        ClusterView before = _view;
        Volatile.Write(ref _view, view);
        _changes.Tell(before, view);
    }
}
