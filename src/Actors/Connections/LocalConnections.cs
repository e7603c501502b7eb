using System.Collections.Concurrent;
using SimplexActors.Actors.Queues;

namespace SimplexActors.Actors.Connections;

/// <summary>The client connections of this node by the numbers under which other nodes know them. Any thread.</summary>
public sealed class LocalConnections
{
    private readonly ConcurrentDictionary<long, ISubscriber> _connections = new();
    private long _last;

    /// <summary>A number for a new connection; never used twice.</summary>
    public long Add(ISubscriber connection)
    {
        long number = Interlocked.Increment(ref _last);
        _connections[number] = connection;
        return number;
    }

    /// <summary>The connection ended.</summary>
    public void Remove(long number) => _connections.TryRemove(number, out _);

    /// <summary>Null when it ended.</summary>
    public ISubscriber? Find(long number) => _connections.GetValueOrDefault(number);
}
