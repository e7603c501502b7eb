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
/// command waits, all later ones do. What came back goes first, ordered by its number, but not before everything that was
/// asked of the former owner is settled.
/// </para>
/// <para>
/// When the session ends, what was asked has an unknown outcome: what may be carried out twice is told again, the rest
/// is refused. Nothing waits longer than <see cref="RoutingLimits.RequestTimeout"/>.
/// </para>
/// </remarks>
internal sealed class ShardRoute<TCommand>(ClusterRegion<TCommand> region, int shard) : WheelTimer
    where TCommand : class
{
    private readonly Lock _gate = new();

    // Guarded by the gate.
    private readonly Dictionary<long, ToldCommand<TCommand>> _asked = [];
    private readonly List<ToldCommand<TCommand>> _bounced = [];
    private readonly LinkedList<ToldCommand<TCommand>> _waiting = [];
    private ILinkSession? _session;
    private ShardOwner _askedOwner;
    private ShardOwner _askedInVain;
    private bool _isFlushing;
    private bool _isScheduled;

    // Written inside the gate, read outside.
    private volatile int _askedCount;
    private volatile bool _isWaiting;

    /// <summary>Commands that wait or were asked of another node.</summary>
    public (int Waiting, int Asked) Counts
    {
        get
        {
            lock (_gate)
            {
                return (_waiting.Count + _bounced.Count, _asked.Count);
            }
        }
    }

    /// <summary>Tells an entity of the shard something.</summary>
    public async ValueTask TellAsync(EntityId id, TCommand command, CancellationToken cancellation)
    {
        if (!_isWaiting && _askedCount == 0 && region.OwnerOf(shard) is { } owner && owner.Node == region.Self
            && await region.Here.TellHereAsync(id, region.Stamp(command, owner), cancellation))
        {
            return;
        }

        ToldCommand<TCommand> told = region.Told(id, command);
        if (Begin(told) is { } session)
        {
            await SendAsync(session, told, cancellation);
        }
    }

    /// <summary>An entity of this node gave the command back.</summary>
    public void Return(EntityId id, TCommand command) => Wait(region.Told(id, command));

    /// <summary>Another node settled a command; false when nobody waits for it any more.</summary>
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
        }

        refused.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        region.Refuse(refused);
        Flush();
    }

    /// <summary>The shard is open on this node, under another claim or again under the same.</summary>
    public void Opened()
    {
        lock (_gate)
        {
            _askedInVain = default;
        }

        Flush();
    }

    /// <summary>The owner may be another, or may be reached again.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (!_isWaiting || _isFlushing || _asked.Count > 0)
            {
                return;
            }

            _isFlushing = true;
            _bounced.Sort(static (a, b) => b.Number.CompareTo(a.Number));
            _bounced.ForEach(told => _waiting.AddFirst(told));
            _bounced.Clear();
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
            Take(_waiting, late, now);
            late.AddRange(_asked.Values.Where(told => told.Deadline < now));
            late.AddRange(_bounced.Where(told => told.Deadline < now));
            late.ForEach(told => _asked.Remove(told.Number));
            _bounced.RemoveAll(told => told.Deadline < now);
            _askedCount = _asked.Count;
            Schedule();
        }

        region.Refuse(late);
        Flush();
    }

    private static void Take(LinkedList<ToldCommand<TCommand>> waiting, List<ToldCommand<TCommand>> late, long now)
    {
        for (LinkedListNode<ToldCommand<TCommand>>? node = waiting.First; node is not null;)
        {
            LinkedListNode<ToldCommand<TCommand>>? next = node.Next;
            if (node.Value.Deadline < now)
            {
                late.Add(node.Value);
                waiting.Remove(node);
            }

            node = next;
        }
    }

    /// <summary>The session to ask in; null when the command has to wait, or was refused.</summary>
    private ILinkSession? Begin(ToldCommand<TCommand> told)
    {
        lock (_gate)
        {
            ShardOwner owner = region.OwnerOf(shard);
            if (!_isWaiting && owner.Node != region.Self && SessionTo(owner) is { } session)
            {
                Ask(session, owner, told);
                return session;
            }
        }

        Wait(told);
        return null;
    }

    /// <summary>The open session to the owner, unless something is still asked of another one.</summary>
    private ILinkSession? SessionTo(ShardOwner owner)
    {
        ILinkSession? session = owner.Node.IsNone ? null : region.SessionTo(owner.Node);
        return session is null || (_asked.Count > 0 && !ReferenceEquals(session, _session)) ? null : session;
    }

    private void Ask(ILinkSession session, ShardOwner owner, ToldCommand<TCommand> told)
    {
        (_session, _askedOwner) = (session, owner);
        told.Number = region.NextNumber(shard);
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
        while (TakeNext(out ToldCommand<TCommand>? told, out ShardOwner owner, out ILinkSession? session))
        {
            if (session is not null)
            {
                await SendAsync(session, told, CancellationToken.None);
            }
            else if (!await region.Here.TellHereAsync(told.Id, region.Stamp(told.Command, owner), CancellationToken.None))
            {
                PutBack(told, owner);
            }
        }
    }

    private bool TakeNext([NotNullWhen(true)] out ToldCommand<TCommand>? told, out ShardOwner owner, out ILinkSession? session)
    {
        lock (_gate)
        {
            (told, session, owner) = (null, null, region.OwnerOf(shard));
            bool isHere = owner.Node == region.Self;
            while (!isHere && _waiting.First is { } foreign && region.Translator.IsForeign(foreign.Value.Command))
            {
                _waiting.RemoveFirst();
            }

            if (_waiting.First is { } first && _bounced.Count == 0 && owner != _askedInVain
                && (isHere ? _asked.Count == 0 : (session = SessionTo(owner)) is not null))
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
            _isWaiting = _waiting.Count > 0 || _bounced.Count > 0;
            Schedule();
            return false;
        }
    }

    private void PutBack(ToldCommand<TCommand> told, ShardOwner owner)
    {
        lock (_gate)
        {
            _waiting.AddFirst(told);
            _askedInVain = owner;
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
            // It will not arrive, so whoever told it may hear that it was not taken.
            Settle(session, told.Number, moved: false);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
