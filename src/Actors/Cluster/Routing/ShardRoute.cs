using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>
/// The way from this node to the entities of one shard, wherever they run. While the owner changes, commands wait here;
/// they go on in the order in which they were told, because the messages of one sender must not overtake each other.
/// </summary>
/// <remarks>
/// <para>
/// A command is in one of three places. It is with the entities of this node, which either carry it out or give it back;
/// or it was asked of another node, which answers, takes it, or says that the shard moved; or it waits. As soon as one
/// command waits, all later ones do. What came back was told before everything that waits, so it goes first; but nothing
/// goes on before what was told to the former owner is settled: before the entities of this node gave back all that they
/// would not decide, and before the other node settled all that it was asked.
/// </para>
/// <para>
/// When the session ends, what was asked has an unknown outcome: what may be carried out twice is told again, the rest
/// is refused. Nothing waits longer than the time-out of requests.
/// </para>
/// </remarks>
internal sealed class ShardRoute<TCommand>(ClusterRegion<TCommand> region, int shard) : WheelTimer
    where TCommand : class
{
    private readonly Lock _gate = new();

    // Guarded by the gate.
    private readonly Dictionary<long, ToldCommand<TCommand>> _asked = [];
    private readonly List<ToldCommand<TCommand>> _bounced = [];
    private readonly List<ToldCommand<TCommand>> _returned = [];
    private readonly LinkedList<ToldCommand<TCommand>> _waiting = [];
    private ILinkSession? _session;
    private ShardOwner _askedOwner;
    private ShardOwner _askedInVain;
    private bool _isHalting;
    private bool _isFlushing;
    private bool _isScheduled;

    // Written inside the gate, read outside.
    private volatile int _askedCount;
    private volatile bool _isWaiting;
    private volatile bool _isHere;
    private long _rangeId;
    private int _telling;
    private TaskCompletionSource? _nobodyTells;

    /// <summary>Commands that wait or were asked of another node.</summary>
    public (int Waiting, int Asked) Counts
    {
        get
        {
            lock (_gate)
            {
                return (_waiting.Count + _returned.Count + _bounced.Count, _asked.Count);
            }
        }
    }

    /// <summary>Tells an entity of the shard something.</summary>
    public async ValueTask TellAsync(EntityId id, TCommand command, CancellationToken cancellation)
    {
        if (await TellDirectlyAsync(id, command, cancellation))
        {
            return;
        }

        ToldCommand<TCommand> told = region.Told(id, command);
        if (Begin(told) is { } session)
        {
            await SendAsync(session, told, cancellation);
        }
    }

    /// <summary>Tells an entity of this node what another node asked.</summary>
    /// <returns>False when the shard is not here, or an earlier command of that node came back and is to go first.</returns>
    public async ValueTask<bool> TellAskedAsync(EntityId id, TCommand command, ReturnPath path, bool isFresh)
    {
        try
        {
            return Enter() && path.MayTell(shard, isFresh) && await TellHereAsync(id, command, CancellationToken.None);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>An entity of this node gave the command back.</summary>
    public void Return(EntityId id, TCommand command)
    {
        lock (_gate)
        {
            // What is told here before the shard opens again would follow what it still gives back.
            _isHalting = true;
            _isWaiting = true;
            _returned.Add(region.Told(id, command));
            Schedule();
        }
    }

    /// <summary>The entities of the shard run on this node, under another claim or again under the same.</summary>
    public void Opened(long? rangeId)
    {
        lock (_gate)
        {
            _isHere = true;
            _isHalting = false;
            Volatile.Write(ref _rangeId, rangeId ?? _rangeId);
            _askedInVain = default;
        }

        Flush();
    }

    /// <summary>
    /// The entities of the shard do not run on this node any more; they gave back what they did not decide. Completes when
    /// nobody who saw them here can tell them anything: were they back by then, he would overtake what came back.
    /// </summary>
    public async Task LeaveAsync()
    {
        var nobodyTells = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _nobodyTells, nobodyTells);
        _isHere = false;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _telling) > 0)
        {
            await nobodyTells.Task;
        }

        Flush();
    }

    /// <summary>Another node settled a command.</summary>
    /// <returns>The command; null when nobody waits for it any more.</returns>
    public ToldCommand<TCommand>? Settle(ILinkSession session, long number, bool moved)
    {
        ToldCommand<TCommand>? told;
        bool drained;
        lock (_gate)
        {
            if (!ReferenceEquals(session, _session) || !_asked.Remove(number, out told))
            {
                return null;
            }

            _askedCount = _asked.Count;
            if (moved)
            {
                _isWaiting = true;
                _askedInVain = _askedOwner;
                _bounced.Add(told);
                Schedule();
            }

            drained = _isWaiting && _asked.Count == 0;
        }

        if (drained)
        {
            Flush();
        }

        return told;
    }

    /// <summary>The session ended: nobody knows what became of what was asked in it.</summary>
    public void Ended(ILinkSession session)
    {
        List<ToldCommand<TCommand>> refused = [];
        lock (_gate)
        {
            if (!ReferenceEquals(session, _session))
            {
                return;
            }

            foreach (ToldCommand<TCommand> told in _asked.Values)
            {
                (region.Translator.IsRepeatable(told.Command) ? _bounced : refused).Add(told);
            }

            _asked.Clear();
            (_askedCount, _session) = (0, null);
            _isWaiting |= _bounced.Count > 0;
            Schedule();
        }

        refused.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        region.Refuse(refused);
        Flush();
    }

    /// <summary>The owner may be another, or may be reached again.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (!_isWaiting || _isFlushing || _asked.Count > 0 || (_isHere && _isHalting))
            {
                return;
            }

            _isFlushing = true;
            _bounced.Sort(static (a, b) => a.Number.CompareTo(b.Number));
            foreach (ToldCommand<TCommand> told in _bounced.Concat(_returned).Reverse())
            {
                _waiting.AddFirst(told);
            }

            _bounced.Clear();
            _returned.Clear();
        }

        _ = EngineFailure.GuardAsync(FlushAsync());
    }

    /// <summary>Refuses what waited too long, and tries again to reach the owner.</summary>
    protected internal override void Elapsed()
    {
        List<ToldCommand<TCommand>> late = [];
        lock (_gate)
        {
            long now = region.Now;
            _isScheduled = false;
            _askedInVain = default;
            late.AddRange(_waiting.Where(told => told.Deadline < now));
            late.ForEach(told => _waiting.Remove(told));
            late.AddRange(_bounced.Concat(_returned).Where(told => told.Deadline < now));
            _bounced.RemoveAll(told => told.Deadline < now);
            _returned.RemoveAll(told => told.Deadline < now);
            foreach (ToldCommand<TCommand> told in _asked.Values.Where(told => told.Deadline < now))
            {
                late.Add(told);
                _asked.Remove(told.Number);
            }

            _askedCount = _asked.Count;
            Schedule();
        }

        region.Refuse(late);
        Flush();
    }

    private async ValueTask<bool> TellDirectlyAsync(EntityId id, TCommand command, CancellationToken cancellation)
    {
        try
        {
            return Enter() && !_isWaiting && _askedCount == 0 && await TellHereAsync(id, command, cancellation);
        }
        finally
        {
            Exit();
        }
    }

    private async ValueTask<bool> TellNextAsync(ToldCommand<TCommand> told)
    {
        try
        {
            return Enter() && await TellHereAsync(told.Id, told.Command, CancellationToken.None);
        }
        finally
        {
            Exit();
        }
    }

    private ValueTask<bool> TellHereAsync(EntityId id, TCommand command, CancellationToken cancellation) =>
        region.Here.TellHereAsync(id, region.Stamp(command, Volatile.Read(ref _rangeId)), cancellation);

    /// <summary>Until <see cref="Exit"/> the shard cannot have left and come back. False when it is not here.</summary>
    private bool Enter()
    {
        Interlocked.Increment(ref _telling);
        return _isHere;
    }

    private void Exit()
    {
        if (Interlocked.Decrement(ref _telling) == 0 && !_isHere)
        {
            Volatile.Read(ref _nobodyTells)?.TrySetResult();
        }
    }

    /// <summary>The session to ask in; null when the command has to wait, or was refused.</summary>
    private ILinkSession? Begin(ToldCommand<TCommand> told)
    {
        lock (_gate)
        {
            ShardOwner owner = region.OwnerOf(shard);
            if (!_isWaiting && SessionTo(owner) is { } session)
            {
                Ask(session, owner, told);
                return session;
            }
        }

        Wait(told);
        return null;
    }

    /// <summary>The open session to the owner, unless something is not settled yet that was told to another.</summary>
    private ILinkSession? SessionTo(ShardOwner owner)
    {
        ILinkSession? session = _isHere || owner.Node.IsNone || owner.Node == region.Self ? null : region.SessionTo(owner.Node);
        return session is null || (_asked.Count > 0 && !ReferenceEquals(session, _session)) ? null : session;
    }

    private void Ask(ILinkSession session, ShardOwner owner, ToldCommand<TCommand> told)
    {
        (_session, _askedOwner) = (session, owner);
        (told.Number, told.IsFresh) = (region.NextNumber(shard), _asked.Count == 0);
        _asked.Add(told.Number, told);
        _askedCount = _asked.Count;
        Schedule();
    }

    private void Wait(ToldCommand<TCommand> told)
    {
        bool isRefused;
        lock (_gate)
        {
            isRefused = _waiting.Count >= RoutingLimits.WaitingCommandsPerShard && region.Translator.IsAnswered(told.Command);
            if (!isRefused)
            {
                _isWaiting = true;
                _waiting.AddLast(told);
                Schedule();
            }
        }

        if (isRefused)
        {
            region.Refuse([told]);
        }
        else
        {
            Flush();
        }
    }

    private void Schedule()
    {
        if (!_isScheduled && (_isWaiting || _asked.Count > 0))
        {
            _isScheduled = true;
            region.Wheel.Schedule(this, RoutingLimits.OwnerRetry);
        }
    }

    /// <summary>Sends on what waits, in order, until nothing does or the owner is out of reach.</summary>
    private async Task FlushAsync()
    {
        while (TakeNext(out ToldCommand<TCommand>? told, out ILinkSession? session))
        {
            if (session is not null)
            {
                await SendAsync(session, told, CancellationToken.None);
            }
            else if (!await TellNextAsync(told))
            {
                PutBack(told);
            }
        }
    }

    private bool TakeNext([NotNullWhen(true)] out ToldCommand<TCommand>? told, out ILinkSession? session)
    {
        lock (_gate)
        {
            (told, session) = (null, null);
            ShardOwner owner = region.OwnerOf(shard);
            while (!_isHere && _waiting.First is { } foreign && region.Translator.IsForeign(foreign.Value.Command))
            {
                // Its own node tells the next owner what it has to know.
                _waiting.RemoveFirst();
            }

            bool isOldest = _bounced.Count == 0 && _returned.Count == 0;
            if (isOldest && owner != _askedInVain && _waiting.First is { } first
                && (_isHere ? !_isHalting && _asked.Count == 0 : (session = SessionTo(owner)) is not null))
            {
                told = first.Value;
                _waiting.RemoveFirst();
                if (session is not null)
                {
                    Ask(session, owner, told);
                }

                return true;
            }

            _isFlushing = false;
            _isWaiting = _waiting.Count > 0 || !isOldest;
            Schedule();
            return false;
        }
    }

    private void PutBack(ToldCommand<TCommand> told)
    {
        lock (_gate)
        {
            _waiting.AddFirst(told);
            _isHalting = _isHere;
        }
    }

    private async ValueTask SendAsync(ILinkSession session, ToldCommand<TCommand> told, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(RoutingLimits.MessageBytes);
        try
        {
            int length = region.Write(buffer, told);
            if (!await session.SendAsync(RoutingStream.Of(region.Kind, shard), buffer.AsMemory(0, length), cancellation))
            {
                // It may have ended before the command was noted as asked.
                Ended(session);
            }
        }
        catch (OperationCanceledException)
        {
            // It will not arrive, and whoever told it hears that it was not taken.
            Settle(session, told.Number, moved: false);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
