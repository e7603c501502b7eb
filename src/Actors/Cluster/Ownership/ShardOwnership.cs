using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Npgsql;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>
/// This node's part in the cluster: it is a member, owns its share of the shards and tells its hosts what runs here. The
/// protocol between the nodes, which meet in the database only:
/// <list type="number">
/// <item>A node registers under a number that is never used again, and sends a heartbeat every second; the answer brings the
/// members and the owners of all shards. From the same members every node concludes who should own what
/// (<see cref="Rendezvous"/>), and does its own part of it (<see cref="OwnershipDecisions"/>).</item>
/// <item>A claim raises the number of the shard, under which everything is written that the owner decides; an owner that
/// lost the shard cannot write any more. Only a shard of nobody, or of a node that is gone, can be claimed.</item>
/// <item>What is in memory is served only while the lease is valid: until <see cref="OwnershipOptions.ServeFor"/> after the last answered
/// heartbeat was sent. A node is declared dead when its heartbeats stood still for <see cref="OwnershipOptions.ClaimAfter"/>
/// before the eyes of another that had answers all the time. Both times are measured by monotonic clocks of
/// the machines that wait; the one is longer by more than clocks differ, so nobody serves what another may have claimed.</item>
/// <item>A node that was declared dead finds that out with its next heartbeat, drops everything and joins again under a
/// new number.</item>
/// <item>A shard moves in good order: its owner closes it, releases it, and the other claims it. A notification of the
/// database makes that quick; without it, the next heartbeat shows it.</item>
/// </list>
/// </summary>
public sealed partial class ShardOwnership : IShardMap, ILease, INodeAddresses, IAsyncDisposable
{
    private readonly OwnershipOptions _options;
    private readonly MonotonicClock _clock;
    private readonly ILogger _logger;
    private readonly ClusterDatabase _database;
    private readonly ClusterListener _listener;
    private readonly NodeRegistration _registration;
    private readonly Lease _lease;
    private readonly ShardCalls _calls;
    private readonly ShardMapChanges _changes = new();
    private readonly HandOffPace _pace;
    private readonly WakeUp _wake;
    private readonly LogThrottle _outageLog;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Orders everything that changes what is here: the rounds, the end of the lease, and the ends of calls to hosts.
    private readonly Lock _gate = new();
    private ShardHolds _holds;
    private Task _suspending = Task.CompletedTask;
    private ClusterView _view;
    private HeartbeatWatch _watch = HeartbeatWatch.Begin;
    private long _self;
    private bool _isMember;
    private readonly TaskCompletionSource _handedOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLeaving;
    private volatile bool _mayGo;
    private bool _hasLeft;
    private long _lastRound;
    private TimeSpan _nextForget;
    private Task _loop = Task.CompletedTask;

    /// <summary>Makes a node that is no member yet.</summary>
    /// <param name="source">Of its own (<see cref="ClusterDataSource"/>); stays the caller's. The tables are there.</param>
    /// <param name="identity">What the node says of itself.</param>
    /// <param name="hosts">What runs where shards are owned.</param>
    /// <param name="options">Times and pace.</param>
    /// <param name="time">Measures leases and silence; a router's is a <see cref="SuspendAwareTime"/>.</param>
    /// <param name="logger">For what happens to the cluster.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public ShardOwnership(
        NpgsqlDataSource source,
        NodeIdentity identity,
        IReadOnlyList<IShardHost> hosts,
        OwnershipOptions options,
        TimeProvider time,
        ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        (ShardCount, _options, _logger) = (identity.ShardCount, options, logger);
        (_clock, _wake, _pace) = (new MonotonicClock(time), new WakeUp(time), new HandOffPace(options));
        _outageLog = new LogThrottle(time, options.ServeFor);
        _database = new ClusterDatabase(source, options.QuestionTimeout, time);
        _listener = new ClusterListener(source, options.Heartbeat, time, Notified);
        _registration = new NodeRegistration(_database, identity, options, _clock, logger);
        _lease = new Lease(time, LeaseOver);
        _calls = new ShardCalls(hosts, ShardCount, Fail);
        (_holds, _view) = (ShardHolds.None(ShardCount), ClusterView.Empty(ShardCount));
    }

    /// <inheritdoc/>
    public NodeNumber Self => new(Volatile.Read(ref _self));

    /// <inheritdoc/>
    public int ShardCount { get; }

    /// <inheritdoc/>
    public bool IsValid => _lease.IsValid;

    /// <summary>
    /// Completes when the node has left; fails when it cannot be a member any more (<see cref="ClusterJoinException"/>: its name
    /// was taken after it had been declared dead) or a host threw. Then the process must end.
    /// </summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>What this node knows.</summary>
    public OwnershipStatus Status
    {
        get
        {
            lock (_gate)
            {
                int open = 0;
                int suspended = 0;
                for (int shard = 0; shard < ShardCount; shard++)
                {
                    open += _holds[shard].State == HoldState.Open ? 1 : 0;
                    suspended += _holds[shard].State == HoldState.Suspended ? 1 : 0;
                }

                TimeSpan remaining = _lease.Remaining;
                return new OwnershipStatus(Self, ClusterStatus.Of(_view), remaining > TimeSpan.Zero, remaining, open, suspended, _holds.HandOffs, _isLeaving)
                {
                    SinceRound = Volatile.Read(ref _lastRound) is not 0 and var last ? _clock.Now - TimeSpan.FromTicks(last) : TimeSpan.Zero,
                };
            }
        }
    }

    /// <inheritdoc/>
    public ShardOwner OwnerOf(int shard) => Volatile.Read(ref _view).OwnerOf(shard);

    /// <inheritdoc/>
    public void OnChange(Action<IReadOnlyList<int>> changed) => _changes.Add(changed);

    /// <inheritdoc/>
    public (string Host, int Port)? AddressOf(NodeNumber node) =>
        Volatile.Read(ref _view).Find(node) is { } member ? (member.LinkHost, member.LinkPort) : null;

    /// <summary>
    /// Becomes a member, with a number by which others can reach this node, that owns nothing yet. Waits for the end of a member
    /// with the same name for up to <see cref="OwnershipOptions.ClaimAfter"/>. Call once, before <see cref="JoinAsync"/> or by it.
    /// </summary>
    /// <exception cref="ClusterJoinException">This node must not be a member as it is configured.</exception>
    /// <exception cref="StoreUnavailableException">The database does not answer for <see cref="OwnershipOptions.JoinPatience"/>.</exception>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        TimeSpan began = _clock.Now;
        while (!_isMember)
        {
            try
            {
                await BecomeMemberAsync(cancellation);
            }
            catch (Exception outage) when (ClusterDatabase.IsOutage(outage))
            {
                if (_clock.Now - began >= _options.JoinPatience)
                {
                    throw new StoreUnavailableException($"The cluster's database cannot be used: {outage.Message}", outage);
                }

                // Questions are given up soon, for the sake of a lease; who joins has none to lose.
                await Task.Delay(_options.RetryPause, _clock.Time, cancellation);
            }
        }
    }

    /// <summary>
    /// Becomes a member, unless it is one, and begins to own shards. Completes when the first were claimed, if there are any to
    /// claim. Call once.
    /// </summary>
    /// <exception cref="ClusterJoinException">As of <see cref="RegisterAsync"/>.</exception>
    /// <exception cref="StoreUnavailableException">As of <see cref="RegisterAsync"/>.</exception>
    public async Task JoinAsync(CancellationToken cancellation)
    {
        await RegisterAsync(cancellation);
        _loop = RunAsync();
        Ended = EndAsync();
        await (await Task.WhenAny(_firstRound.Task, Ended)).WaitAsync(cancellation);
    }

    /// <summary>Whether another member would take over what this node gives up.</summary>
    public bool HasOthers => Volatile.Read(ref _view).Nodes.Any(node => node.Number != Self && node.State == NodeState.Live);

    /// <summary>
    /// Begins to leave: closes and releases every shard, so that others have them at once, but stays a member that knows who owns
    /// what and can reach them, until <see cref="LeaveAsync"/>.
    /// </summary>
    /// <returns>Completes when everything is released, or when there is no more to wait for.</returns>
    public async Task HandOverAsync(CancellationToken cancellation)
    {
        _isLeaving = true;
        _wake.Set();
        await _handedOver.Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Leaves in good order: closes and releases every shard, so that others have them at once. When it is cancelled before
    /// that, the rest is dropped, and others have to wait until this node is found dead.
    /// </summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        (_isLeaving, _mayGo) = (true, true);
        _wake.Set();
        await using CancellationTokenRegistration giveUp = cancellation.Register(_stop.Cancel);
        await _loop;
    }

    /// <summary>A write was refused because the shard was claimed again: it is dropped, and the cluster looked at. Any thread.</summary>
    public void Lost(int shard)
    {
        lock (_gate)
        {
            (_holds, bool drop) = _holds.Lost(shard);
            if (!drop)
            {
                return;
            }

            _ = _calls.Drop(shard, Dropped);
        }

        OwnershipLog.ShardLost(_logger);
        _wake.Set();
    }

    /// <summary>Stops at once when it has not left: everything is dropped, and others take over when they find this node dead.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _lease.DisposeAsync();
        await _database.DisposeAsync();
        _stop.Dispose();
    }

    private async Task EndAsync() => await await Task.WhenAny(_loop, _fault.Task);

    private void Notified(NodeNumber by)
    {
        if (by.IsNone || by != Self)
        {
            _wake.Set();
        }
    }

    private void Fail(Exception fault)
    {
        OwnershipLog.Fault(_logger, fault);
        _stop.Cancel();
        lock (_gate)
        {
            _lease.End();
        }

        _fault.TrySetException(fault);
    }

    private void LeaseOver()
    {
        lock (_gate)
        {
            // Renewed while this waited for the gate.
            if (!_lease.IsValid)
            {
                SuspendAll();
            }
        }
    }

    // Under the gate.
    private void SuspendAll()
    {
        (_holds, ImmutableArray<int> suspend) = _holds.LeaseOver();
        if (suspend.Length > 0)
        {
            _suspending = Task.WhenAll([_suspending, .. suspend.Select(_calls.Suspend)]);
            OwnershipLog.LeaseOver(_logger, suspend.Length);
        }
    }

    private void Closed(int shard)
    {
        lock (_gate)
        {
            _holds = _holds.Closed(shard);
        }

        _wake.Set();
    }

    private void Dropped(int shard)
    {
        lock (_gate)
        {
            _holds = _holds.Dropped(shard);
        }

        _wake.Set();
    }
}
