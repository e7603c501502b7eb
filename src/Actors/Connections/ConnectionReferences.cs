using System.Runtime.CompilerServices;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Connections;

/// <summary>
/// How messages between nodes name connections:
/// <code>
/// reference  node(8) number(8)             node 0: the sender's own
/// connection reference Maybe(serviceId)    with what a stand-in has to know of it
/// </code>
/// </summary>
/// <param name="map">Tells which node this is.</param>
/// <param name="local">The connections of this node.</param>
internal sealed class ConnectionReferences(IShardMap map, LocalConnections local)
{
    private readonly ConditionalWeakTable<ReturnPath, StandIns> _standIns = [];

    /// <summary>Names a connection.</summary>
    public static void Write(ref WireWriter writer, ISubscriber connection)
    {
        writer.WriteInt64(connection is RemoteConnection remote ? remote.Node.Value : 0);
        writer.WriteInt64(connection.Number);
    }

    /// <summary>Names a connection, or none.</summary>
    public static void WriteMaybe(ref WireWriter writer, ISubscriber? connection)
    {
        writer.WriteMaybe(connection is not null);
        if (connection is not null)
        {
            Write(ref writer, connection);
        }
    }

    /// <summary>Names a connection and its service.</summary>
    public static void WriteConnection(ref WireWriter writer, ISubscriber connection)
    {
        Write(ref writer, connection);
        EntityId? service = connection.ServiceId;
        writer.WriteMaybe(service is not null);
        if (service is { } id)
        {
            writer.WriteId(id);
        }
    }

    /// <summary>The connection of this node with a number; null when it ended.</summary>
    public ISubscriber? Find(long number) => local.Find(number);

    /// <summary>The connection of this node that another node may be told is gone.</summary>
    public ISubscriber Gone(long number) => new RemoteConnection(map.Self, number, null, null);

    /// <summary>Reads a connection that is only compared with others.</summary>
    public ISubscriber Read(ref WireReader reader, NodeNumber sender)
    {
        (NodeNumber node, long number) = ReadName(ref reader, sender);
        return (node == map.Self ? local.Find(number) : null) ?? new RemoteConnection(node, number, null, null);
    }

    /// <summary>Reads a connection that is only compared with others, or none.</summary>
    public ISubscriber? ReadMaybe(ref WireReader reader, NodeNumber sender) => reader.ReadMaybe() ? Read(ref reader, sender) : null;

    /// <summary>Reads the connection that a command came from, with the way back to it.</summary>
    public ISubscriber ReadConnection(ref WireReader reader, ReturnPath path)
    {
        (NodeNumber node, long number) = ReadName(ref reader, path.Session.Peer);
        EntityId? service = reader.ReadMaybe() ? reader.ReadId() : null;
        if (node == path.Session.Peer)
        {
            return _standIns.GetValue(path, static way => new StandIns(way)).Of(number, service);
        }

        return (node == map.Self ? local.Find(number) : null) ?? new RemoteConnection(node, number, null, service);
    }

    private static (NodeNumber Node, long Number) ReadName(ref WireReader reader, NodeNumber sender)
    {
        var node = new NodeNumber(reader.ReadInt64());
        return (node.IsNone ? sender : node, reader.ReadInt64());
    }
}
