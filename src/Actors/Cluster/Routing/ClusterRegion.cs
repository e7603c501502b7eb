using System.Runtime.CompilerServices;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>
/// All entities of one kind in the whole cluster. Whoever tells an entity something does not know which node runs it; the
/// command goes to the owner of its shard, waits while there is none, and is refused when there is none for too long.
/// It opens and closes the shards of the entities of this node, so that nothing overtakes what they give back.
/// </summary>
/// <typeparam name="TCommand">Everything an entity can be told.</typeparam>
public sealed class ClusterRegion<TCommand> : IEntityRegion<TCommand>, IShardHost, IRoutedRegion
    where TCommand : class
{
    private readonly NodeRouting _routing;
    private readonly ShardRoute<TCommand>[] _routes;
    private readonly ConditionalWeakTable<ILinkSession, ReturnPath> _paths = [];
    private long _lastNumber;
    private long _lastEpoch;

    /// <summary>Makes the region known to the routing.</summary>
    /// <param name="kind">Names the kind of entities between nodes; never changes.</param>
    /// <param name="here">Those that run on this node.</param>
    /// <param name="translator">Lets their commands travel.</param>
    /// <param name="routing">The way to the other nodes.</param>
    public ClusterRegion(byte kind, IOwnedEntities<TCommand> here, ICommandTranslator<TCommand> translator, NodeRouting routing)
    {
        (Kind, Here, Translator, _routing) = (kind, here, translator, routing);
        _routes = new ShardRoute<TCommand>[routing.Map.ShardCount];
        for (int shard = 0; shard < _routes.Length; shard++)
        {
            _routes[shard] = new ShardRoute<TCommand>(this, shard);
        }

        routing.Add(this);
    }

    /// <inheritdoc/>
    public byte Kind { get; }

    /// <summary>Commands that wait for an owner, and those that were asked of other nodes.</summary>
    public (int Waiting, int Asked) Counts
    {
        get
        {
            (int waiting, int asked) = (0, 0);
            foreach (ShardRoute<TCommand> route in _routes)
            {
                (int w, int a) = route.Counts;
                (waiting, asked) = (waiting + w, asked + a);
            }

            return (waiting, asked);
        }
    }

    internal IOwnedEntities<TCommand> Here { get; }

    internal ICommandTranslator<TCommand> Translator { get; }

    internal NodeNumber Self => _routing.Map.Self;

    internal TimerWheel Wheel => _routing.Wheel;

    internal long Now => _routing.Time.GetTimestamp();

    /// <inheritdoc/>
    public ValueTask TellAsync(EntityId id, TCommand command, CancellationToken cancellation) => RouteOf(id).TellAsync(id, command, cancellation);

    /// <summary>An entity of this node gives a command back, because its shard is not here any more.</summary>
    public void Return(EntityId id, TCommand command)
    {
        if (Translator.RequestOf(command) is { } request)
        {
            request.Moved();
        }
        else
        {
            RouteOf(id).Return(id, command);
        }
    }

    /// <inheritdoc/>
    public void Open(int shard, long rangeId)
    {
        Here.Open(shard, rangeId);
        _routes[shard].Opened(rangeId);
    }

    /// <inheritdoc/>
    public void Resume(int shard)
    {
        Here.Resume(shard);
        _routes[shard].Opened(rangeId: null);
    }

    /// <inheritdoc/>
    public Task CloseAsync(int shard) => LeaveAsync(Here.CloseAsync(shard), shard);

    /// <inheritdoc/>
    public Task DropAsync(int shard) => LeaveAsync(Here.DropAsync(shard), shard);

    /// <inheritdoc/>
    public Task SuspendAsync(int shard) => LeaveAsync(Here.SuspendAsync(shard), shard);

    /// <inheritdoc/>
    void IRoutedRegion.OwnerChanged(int shard) => _routes[shard].Flush();

    /// <inheritdoc/>
    void IRoutedRegion.SessionEnded(ILinkSession session)
    {
        foreach (ShardRoute<TCommand> route in _routes)
        {
            route.Ended(session);
        }
    }

    /// <inheritdoc/>
    void IRoutedRegion.PeerEnded(ILinkSession session) =>
        _ = EngineFailure.GuardAsync(Here.TellEachAsync((_, state) => Translator.Detach(state, session)));

    /// <inheritdoc/>
    async ValueTask<bool> IRoutedRegion.ReceiveTellAsync(ILinkSession session, int shard, ReadOnlyMemory<byte> message)
    {
        if (ReadTell(session, shard, message) is not (var id, { } command, { } request, var isFresh) || Sharding.ShardOf(id, _routes.Length) != shard)
        {
            return false;
        }

        if (!await _routes[shard].TellAskedAsync(id, command, request.Path, isFresh))
        {
            request.Moved();
        }
        else if (!Translator.IsAnswered(command))
        {
            request.Taken();
        }

        return true;
    }

    /// <inheritdoc/>
    bool IRoutedRegion.ReceiveBack(ILinkSession session, ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message.Span);
        var type = (RoutingMessage)reader.ReadByte();
        long number = reader.ReadInt64();
        ReadOnlyMemory<byte> rest = message[^reader.Remaining..];
        if (reader.Failed)
        {
            return false;
        }

        if (type is RoutingMessage.Event)
        {
            return Translator.TryTellConnection(number, rest.Span, session.Peer, id => OwnerOf(Sharding.ShardOf(id, _routes.Length)).Node == session.Peer);
        }

        int shard = ShardOf(number);
        if (type is not (RoutingMessage.Answer or RoutingMessage.Taken or RoutingMessage.Moved) || shard >= _routes.Length)
        {
            return false;
        }

        ToldCommand<TCommand>? told = _routes[shard].Settle(session, number, type is RoutingMessage.Moved);
        return told is null || type is not RoutingMessage.Answer || Translator.TryAnswer(told.Command, rest.Span, session.Peer);
    }

    internal ShardOwner OwnerOf(int shard) => _routing.Map.OwnerOf(shard);

    internal ILinkSession? SessionTo(NodeNumber node) => _routing.SessionTo(node);

    /// <summary>A number that grows; its lowest bits name the shard.</summary>
    internal long NextNumber(int shard) => (Interlocked.Increment(ref _lastNumber) << RoutingStream.ShardBits) | (uint)shard;

    internal ToldCommand<TCommand> Told(EntityId id, TCommand command) => new(id, command, Now + _routing.RequestTicks);

    /// <summary>
    /// With an epoch that is greater than any that this owner or one before it gave to a subscription of the shard.
    /// </summary>
    internal TCommand Stamp(TCommand command, long rangeId) => Translator.Subscribes(command)
        ? Translator.WithEpoch(command, (rangeId << 32) | (uint)Interlocked.Increment(ref _lastEpoch))
        : command;

    internal int Write(byte[] buffer, ToldCommand<TCommand> told)
    {
        var writer = new WireWriter(buffer.AsSpan(0, RoutingLimits.MessageBytes));
        writer.WriteByte((byte)RoutingMessage.Tell);
        writer.WriteInt64(told.Number);
        writer.WriteBool(told.IsFresh);
        writer.WriteId(told.Id);
        Translator.Write(ref writer, told.Command);
        return writer.Overflowed
            ? throw new InvalidOperationException($"A command between nodes has more than {RoutingLimits.MessageBytes} bytes.")
            : writer.Length;
    }

    internal void Refuse(List<ToldCommand<TCommand>> commands)
    {
        if (commands.Count == 0)
        {
            return;
        }

        foreach (ToldCommand<TCommand> told in commands)
        {
            Translator.Refuse(told.Id, told.Command);
            if (!Translator.IsAnswered(told.Command))
            {
                // The owner may have missed what concerns a connection: what its clients have there is told anew.
                _routing.MarkStale(Sharding.ShardOf(told.Id, _routes.Length));
            }
        }

        _routing.LogUnreachable(commands.Count);
    }

    private async Task LeaveAsync(Task left, int shard)
    {
        await left;
        await _routes[shard].LeaveAsync();
    }

    private static int ShardOf(long number) => (int)(number & ((1 << RoutingStream.ShardBits) - 1));

    private ShardRoute<TCommand> RouteOf(in EntityId id) => _routes[Sharding.ShardOf(id, _routes.Length)];

    private (EntityId Id, TCommand? Command, RemoteRequest? Request, bool IsFresh) ReadTell(
        ILinkSession session, int shard, ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message.Span);
        reader.Expect((byte)RoutingMessage.Tell);
        long number = reader.ReadInt64();
        bool isFresh = reader.ReadBool();
        EntityId id = reader.ReadId();
        if (reader.Failed || ShardOf(number) != shard || shard >= _routes.Length)
        {
            return default;
        }

        var request = new RemoteRequest(_paths.GetValue(session, peer => new ReturnPath(peer, Kind, _routes.Length)), number, shard);
        return (id, Translator.Read(message.Span[^reader.Remaining..], request), request, isFresh);
    }
}
