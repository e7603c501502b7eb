using System.Runtime.InteropServices;

namespace SimplexActors.Nodes.Edges.Listener;

/// <summary>
/// Sockets of one listening port (S-034, S-035). A socket is accepted once; active until its connection's work
/// has ended, whatever that work was, TLS included; closed when the system has it back; leaked in between.
/// </summary>
/// <param name="port">TCP port.</param>
internal sealed class PortStatistics(int port)
{
    private long _accepted;
    private long _ended;
    private long _closed;

    /// <summary>TCP port.</summary>
    public int Port { get; } = port;

    /// <summary>A consistent view: no number of it is negative.</summary>
    public SocketCounts Read()
    {
        // In this order, because a socket passes the counters in the opposite one.
        long closed = Interlocked.Read(ref _closed);
        long ended = Interlocked.Read(ref _ended);
        long accepted = Interlocked.Read(ref _accepted);
        return new SocketCounts(accepted, closed, Active: accepted - ended, Leaked: ended - closed);
    }

    /// <summary>The system gave us a socket.</summary>
    public void Accepted() => Interlocked.Increment(ref _accepted);

    /// <summary>The connection's work has ended.</summary>
    public void Ended() => Interlocked.Increment(ref _ended);

    /// <summary>The socket is closed.</summary>
    public void Closed() => Interlocked.Increment(ref _closed);
}

/// <summary>Sockets of a port since the start.</summary>
/// <param name="Accepted">All.</param>
/// <param name="Closed">Closed again.</param>
/// <param name="Active">In use.</param>
/// <param name="Leaked">No longer in use and not closed: accepted - closed - active.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SocketCounts(long Accepted, long Closed, long Active, long Leaked);
