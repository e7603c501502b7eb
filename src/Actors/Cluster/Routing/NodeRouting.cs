using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>
/// What all regions of a node share on the way to other nodes: the map of owners, the sessions, and the knowledge which
/// shards may have lost what connections of this node had there.
/// </summary>
public sealed class NodeRouting : WheelTimer, ILinkHandler
{
    private readonly List<IRoutedRegion> _regions = [];
    private readonly ILogger _logger;
    private readonly LogThrottle _throttle;
    private readonly Lock _gate = new();
    private readonly HashSet<int> _stale = [];
    private Action<IReadOnlyList<int>>? _renew;
    private INodeLinks? _links;

    /// <summary>Follows the map; the links are given with <see cref="Use"/>, which need this as their handler.</summary>
    /// <param name="map">Who owns which shard.</param>
    /// <param name="wheel">For time-outs.</param>
    /// <param name="requestTimeout">Time from telling to the answer, waiting for an owner included; then the command is refused.</param>
    /// <param name="time">The router's clock.</param>
    /// <param name="logger">For what could not be told.</param>
    public NodeRouting(IShardMap map, TimerWheel wheel, TimeSpan requestTimeout, TimeProvider time, ILogger logger)
    {
        (Map, Wheel, Time, _logger) = (map, wheel, time, logger);
        RequestTicks = (long)(requestTimeout.TotalSeconds * time.TimestampFrequency);
        _throttle = new LogThrottle(time, Limits.FaultLogInterval);
        map.OnChange(OwnersChanged);
    }

    /// <summary>Who owns which shard.</summary>
    public IShardMap Map { get; }

    internal TimerWheel Wheel { get; }

    internal long RequestTicks { get; }

    internal TimeProvider Time { get; }

    /// <summary>Gives the links; before anything is told.</summary>
    public void Use(INodeLinks links)
    {
        _links = links;
        Wheel.Schedule(this, RoutingLimits.StaleRetry);
    }

    /// <summary>
    /// Calls <paramref name="renew"/> with shards whose owner may not know of this node's connections any more: they have to
    /// tell it anew what they had. Must return at once. Set before the node joins.
    /// </summary>
    public void OnStale(Action<IReadOnlyList<int>> renew) => _renew = renew;

    /// <inheritdoc/>
    /// <remarks>What waits for an own session goes on with the next tick of the wheel: the session can be found only after this returned.</remarks>
    public ILinkReceiver Opened(ILinkSession session, bool isOwn) =>
        isOwn ? new AskingReceiver(this, session) : new AnsweringReceiver(this, session);

    internal void Add(IRoutedRegion region) => _regions.Add(region);

    internal ILinkSession? SessionTo(NodeNumber node) => _links?.To(node);

    /// <summary>An owner may have missed something about connections of this node.</summary>
    internal void MarkStale(int shard)
    {
        lock (_gate)
        {
            _stale.Add(shard);
        }
    }

    internal void LogUnreachable(int commands)
    {
        if (_throttle.TryEnter(out long suppressed))
        {
            RoutingLog.Unreachable(_logger, commands, suppressed);
        }
    }

    /// <summary>Lets connections renew what they had with owners that can be reached again.</summary>
    protected internal override void Elapsed()
    {
        List<int> ready = [];
        lock (_gate)
        {
            foreach (int shard in _stale)
            {
                NodeNumber owner = Map.OwnerOf(shard).Node;
                if (!owner.IsNone && (owner == Map.Self || SessionTo(owner) is not null))
                {
                    ready.Add(shard);
                }
            }

            _stale.ExceptWith(ready);
        }

        if (ready.Count > 0)
        {
            _renew?.Invoke(ready);
        }

        Wheel.Schedule(this, RoutingLimits.StaleRetry);
    }

    private IRoutedRegion? RegionOf(int stream)
    {
        byte kind = RoutingStream.KindOf(stream);
        return _regions.Find(region => region.Kind == kind);
    }

    private void OwnersChanged(IReadOnlyList<int> shards)
    {
        List<int> owned = [];
        foreach (int shard in shards)
        {
            _regions.ForEach(region => region.OwnerChanged(shard));
            if (!Map.OwnerOf(shard).Node.IsNone)
            {
                owned.Add(shard);
            }
        }

        if (owned.Count > 0)
        {
            _renew?.Invoke(owned);
        }
    }

    private void SessionEnded(ILinkSession session)
    {
        for (int shard = 0; shard < Map.ShardCount; shard++)
        {
            if (Map.OwnerOf(shard).Node == session.Peer)
            {
                MarkStale(shard);
            }
        }

        _regions.ForEach(region => region.SessionEnded(session));
    }

    private InvalidDataException Unreadable(ILinkSession session)
    {
        RoutingLog.Unreadable(_logger, session.Peer.Value);
        return new InvalidDataException("A message between nodes cannot be read.");
    }

    /// <summary>This node asks: it gets answers and events.</summary>
    private sealed class AskingReceiver(NodeRouting routing, ILinkSession session) : ILinkReceiver
    {
        public ValueTask ReceiveAsync(int stream, ReadOnlyMemory<byte> message) =>
            routing.RegionOf(stream)?.ReceiveBack(session, message) == true
                ? ValueTask.CompletedTask
                : throw routing.Unreadable(session);

        public void Closed() => routing.SessionEnded(session);
    }

    /// <summary>The peer asks: it sends commands.</summary>
    private sealed class AnsweringReceiver(NodeRouting routing, ILinkSession session) : ILinkReceiver
    {
        public async ValueTask ReceiveAsync(int stream, ReadOnlyMemory<byte> message)
        {
            if (routing.RegionOf(stream) is not { } region
                || !await region.ReceiveTellAsync(session, RoutingStream.ShardOf(stream), message))
            {
                throw routing.Unreadable(session);
            }
        }

        public void Closed() => routing._regions.ForEach(region => region.PeerEnded(session));
    }
}
