using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// All SMP connections of a node, looked at now and then by one job instead of a timer each: a connection that leaves a
/// block unfinished or unread for too long is dropped (S-487), and so is one that is silent and subscribed to nothing (S-335).
/// </summary>
internal sealed class ConnectionWatch(SmpTimeouts timeouts, int maxConnections)
{
    private readonly ConcurrentDictionary<SmpConnection, Watched> _connections = new();
    private long _lastId;

    /// <summary>Connections now.</summary>
    public int Count => _connections.Count;

    /// <summary>The connections now.</summary>
    public IReadOnlyCollection<SmpConnection> All => [.. _connections.Keys];

    /// <summary>How often <see cref="Look"/> is due.</summary>
    public TimeSpan Interval { get; } = timeouts.Block / 4;

    /// <summary>Begins to watch; false when the node has as many connections as it may.</summary>
    public bool TryAdd(SmpConnection connection, ConnectionTransport transport) =>
        _connections.Count < maxConnections && _connections.TryAdd(connection, new Watched(Interlocked.Increment(ref _lastId), transport));

    /// <summary>Stops watching.</summary>
    public void Remove(SmpConnection connection) => _connections.TryRemove(connection, out _);

    /// <summary>Drops the connections that are over their time; returns how many.</summary>
    public int Look()
    {
        int dropped = 0;
        foreach ((SmpConnection connection, Watched watched) in _connections)
        {
            ConnectionTransport transport = watched.Transport;
            if (transport.Stall > timeouts.Block || (transport.Silence > timeouts.Inactive && !connection.HasSubscriptions))
            {
                transport.Abort();
                dropped++;
            }
        }

        return dropped;
    }

    /// <summary>What the operator may know of each connection, in the order of their arrival.</summary>
    public IReadOnlyList<ConnectionFacts> Facts() =>
        [.. _connections.Select(watched => watched.Key.Facts(watched.Value.Id)).OrderBy(facts => facts.Id)];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Watched(long Id, ConnectionTransport Transport);
}
