using System.Net.Sockets;

namespace SimplexActors.Nodes.Edges.Listener;

/// <summary>
/// How long to wait after a failed accept (S-033, S-486). Errors of one connection attempt are retried at once; when the
/// system lacks descriptors or memory, or for an unknown reason, a pause lets others give some back. No error ends a listener.
/// </summary>
internal static class AcceptRetry
{
    /// <summary>True for errors of the connection that was to be accepted, which the next one does not share.</summary>
    /// <remarks>EPROTO and ENONET have no number of their own in .NET and arrive as <see cref="SocketError.SocketError"/>.</remarks>
    public static bool IsTransient(SocketError error) => error is
        SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.WouldBlock or SocketError.TryAgain
        or SocketError.NetworkDown or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.HostUnreachable
        or SocketError.ProtocolOption or SocketError.OperationNotSupported or SocketError.SocketError;

    /// <summary>Pause before the next attempt; zero: none.</summary>
    /// <param name="error">What the last attempt failed with.</param>
    /// <param name="failures">Failed attempts in a row, this one included; 1 or more.</param>
    public static TimeSpan DelayAfter(SocketError error, int failures)
    {
        int step = IsTransient(error) ? failures - ListenerLimits.ImmediateRetries : failures;
        if (step <= 0)
        {
            return TimeSpan.Zero;
        }

        TimeSpan delay = ListenerLimits.FirstBackOff * Math.Pow(2, Math.Min(step - 1, 16));
        return delay < ListenerLimits.MaxBackOff ? delay : ListenerLimits.MaxBackOff;
    }
}
