using System.Buffers;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>
/// The way back to a node that asks entities of one kind: for answers and for what its connections are told, in one order.
/// Nothing here waits.
/// </summary>
public sealed class ReturnPath
{
    private readonly byte _kind;

    internal ReturnPath(ILinkSession session, byte kind)
    {
        (Session, _kind) = (session, kind);
    }

    /// <summary>Writes an answer or an event.</summary>
    public delegate void Content<in T>(ref WireWriter writer, T value);

    /// <summary>The session in which the node asks.</summary>
    public ILinkSession Session { get; }

    /// <summary>Tells something to a connection of the node.</summary>
    /// <param name="connection">The connection's number there.</param>
    /// <param name="value">What to tell.</param>
    /// <param name="write">Writes it.</param>
    public void TellConnection<T>(long connection, T value, Content<T> write) => Post(RoutingMessage.Event, connection, value, write);

    internal void Post<T>(RoutingMessage message, long number, T value, Content<T>? write)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(RoutingLimits.MessageBytes);
        var writer = new WireWriter(buffer);
        writer.WriteByte((byte)message);
        writer.WriteInt64(number);
        write?.Invoke(ref writer, value);
        if (writer.Overflowed)
        {
            throw new InvalidOperationException($"A message between nodes has more than {RoutingLimits.MessageBytes} bytes.");
        }

        Session.Post(RoutingStream.Back(_kind), writer.Written);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
