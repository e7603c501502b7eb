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
    private readonly bool[] _hasMoved;

    internal ReturnPath(ILinkSession session, byte kind, int shards)
    {
        (Session, _kind, _hasMoved) = (session, kind, new bool[shards]);
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

    /// <summary>True when a command for the shard may be carried out; false after a Moved, until a fresh command comes.</summary>
    internal bool MayTell(int shard, bool isFresh)
    {
        if (isFresh)
        {
            Volatile.Write(ref _hasMoved[shard], false);
        }

        return !Volatile.Read(ref _hasMoved[shard]);
    }

    internal void Moved(long number, int shard)
    {
        Volatile.Write(ref _hasMoved[shard], true);
        Post<object?>(RoutingMessage.Moved, number, null, null);
    }

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
