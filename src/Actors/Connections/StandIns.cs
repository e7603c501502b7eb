using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Connections;

/// <summary>
/// The stand-ins of the connections of one node in one session: one object each, so that a queue knows that nothing was lost on
/// the way, and that thousands of queues of one connection share it. Held weakly: queues and services decide how long it lives.
/// </summary>
/// <param name="path">The way back to the node.</param>
internal sealed class StandIns(ReturnPath path)
{
    private const int FirstPurge = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, WeakReference<RemoteConnection>> _known = [];
    private int _purgeAt = FirstPurge;

    /// <summary>The stand-in of a connection.</summary>
    public RemoteConnection Of(long number, EntityId? serviceId)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(number, out WeakReference<RemoteConnection>? reference))
            {
                if (reference.TryGetTarget(out RemoteConnection? known))
                {
                    return known;
                }
            }
            else if (_known.Count >= _purgeAt)
            {
                Purge();
            }

            var made = new RemoteConnection(path.Session.Peer, number, path, serviceId);
            _known[number] = new WeakReference<RemoteConnection>(made);
            return made;
        }
    }

    private void Purge()
    {
        foreach ((long number, WeakReference<RemoteConnection> reference) in _known)
        {
            if (!reference.TryGetTarget(out _))
            {
                _known.Remove(number);
            }
        }

        _purgeAt = Math.Max(FirstPurge, 2 * _known.Count);
    }
}
