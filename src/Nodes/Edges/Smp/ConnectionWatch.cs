using System.Collections.Concurrent;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// All SMP connections of a node, looked at now and then by one job instead of a timer each: a connection that leaves a
/// block unfinished or unread for too long is dropped (S-487), and so is one that is silent and subscribed to nothing (S-335).
/// </summary>
internal sealed class ConnectionWatch(SmpTimeouts timeouts, int maxConnections)
{
    private readonly ConcurrentDictionary<SmpConnection, ConnectionTransport> _connections = new();

    /// <summary>Connections now.</summary>
    public int Count => _connections.Count;

    /// <summary>How often <see cref="Look"/> is due.</summary>
    public TimeSpan Interval { get; } = timeouts.Block / 4;

    /// <summary>Begins to watch; false when the node has as many connections as it may.</summary>
    public bool TryAdd(SmpConnection connection, ConnectionTransport transport) =>
        _connections.Count < maxConnections && _connections.TryAdd(connection, transport);

    /// <summary>Stops watching.</summary>
    public void Remove(SmpConnection connection) => _connections.TryRemove(connection, out _);

    /// <summary>Drops the connections that are over their time; returns how many.</summary>
    public int Look()
    {
        int dropped = 0;
        foreach ((SmpConnection connection, ConnectionTransport transport) in _connections)
        {
            if (transport.Stall > timeouts.Block || (transport.Silence > timeouts.Inactive && !connection.HasSubscriptions))
            {
                transport.Abort();
                dropped++;
            }
        }

        return dropped;
    }
}
