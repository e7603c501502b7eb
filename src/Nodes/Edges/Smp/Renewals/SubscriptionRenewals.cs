using SimplexActors.Actors;

namespace SimplexActors.Nodes.Edges.Smp.Renewals;

/// <summary>
/// Lets the connections of a node tell the new owners of shards what they have there, all together no faster than
/// <see cref="Limits.RenewalsPerSecond"/>. Whoever has to wait is served in turn, and holds no thread or timer of its own.
/// </summary>
internal sealed class SubscriptionRenewals : IDisposable
{
    private static readonly int PerTick = (int)(Limits.RenewalsPerSecond * Limits.RenewalTick.TotalSeconds);

    private readonly Lock _gate = new();
    private readonly Queue<(IRenewing Connection, int Wanted)> _waiting = [];
    private readonly int _shardCount;
    private readonly ITimer _tick;
    private readonly ITimer _retry;
    private Dictionary<IRenewing, HashSet<int>> _repeated = [];
    private int _left = PerTick;
    private bool _isTicking;

    /// <summary>Ready at once.</summary>
    /// <param name="time">The router's clock.</param>
    /// <param name="shardCount">Shards of the queues and services.</param>
    public SubscriptionRenewals(TimeProvider time, int shardCount)
    {
        _shardCount = shardCount;
        _tick = time.CreateTimer(static self => ((SubscriptionRenewals)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retry = time.CreateTimer(static self => ((SubscriptionRenewals)self!).Retry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Shards of the queues and services.</summary>
    public int ShardCount => _shardCount;

    /// <summary>Renews what these connections have in these shards.</summary>
    /// <returns>Completes when everything was told to the new owners, not when they have decided.</returns>
    public Task RenewAsync(IReadOnlyCollection<IRenewing> connections, IReadOnlyList<int> shards)
    {
        var round = new RenewalRound(shards, _shardCount, connections.Count);
        foreach (IRenewing connection in connections)
        {
            connection.Renew(round);
        }

        return round.Done;
    }

    /// <summary>How many subscriptions the connection may renew now; when none, it is granted some later.</summary>
    public int Take(IRenewing connection, int wanted)
    {
        lock (_gate)
        {
            int granted = _waiting.Count > 0 ? 0 : Math.Min(_left, wanted);
            _left -= granted;
            if (granted == 0)
            {
                _waiting.Enqueue((connection, wanted));
            }

            StartTicking();
            return granted;
        }
    }

    /// <summary>Renews what a connection has in some shards once more, after <see cref="Limits.RenewalRetry"/>: an owner could not decide.</summary>
    public void Repeat(IRenewing connection, IEnumerable<int> shards)
    {
        lock (_gate)
        {
            if (!_repeated.TryGetValue(connection, out HashSet<int>? repeated))
            {
                _repeated[connection] = repeated = [];
            }

            repeated.UnionWith(shards);
            if (_repeated.Count == 1)
            {
                _retry.Change(Limits.RenewalRetry, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tick.Dispose();
        _retry.Dispose();
    }

    private void StartTicking()
    {
        if (!_isTicking)
        {
            _isTicking = true;
            _tick.Change(Limits.RenewalTick, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tick()
    {
        List<(IRenewing Connection, int Count)> granted = [];
        lock (_gate)
        {
            _isTicking = false;
            _left = PerTick;
            while (_left > 0 && _waiting.TryDequeue(out (IRenewing Connection, int Wanted) next))
            {
                int count = Math.Min(_left, next.Wanted);
                _left -= count;
                granted.Add((next.Connection, count));
            }

            if (granted.Count > 0)
            {
                StartTicking();
            }
        }

        granted.ForEach(grant => grant.Connection.GrantRenewals(grant.Count));
    }

    private void Retry()
    {
        Dictionary<IRenewing, HashSet<int>> due;
        lock (_gate)
        {
            (due, _repeated) = (_repeated, []);
        }

        foreach ((IRenewing connection, HashSet<int> shards) in due)
        {
            connection.Renew(new RenewalRound(shards, _shardCount, connections: 1));
        }
    }
}
