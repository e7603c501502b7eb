using System.Collections.Concurrent;
using SimplexActors.Actors;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>The sessions that one client was given, so that it is given the same again while they last (S-438).</summary>
internal sealed class ClientRelays
{
    private readonly ConcurrentDictionary<RouterAddress, EntityId> _sessions = new();

    /// <summary>The session that the client has with a relay; null for none.</summary>
    public EntityId? Find(RouterAddress relay) => _sessions.TryGetValue(relay, out EntityId session) ? session : null;

    /// <summary>The client was given a session.</summary>
    public void Remember(RouterAddress relay, in EntityId session)
    {
        if (_sessions.Count >= Limits.RelaysPerClient)
        {
            _sessions.Clear();
        }

        _sessions[relay] = session;
    }
}
