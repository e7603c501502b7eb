namespace SimplexActors.Nodes.Edges.Listener;

/// <summary>Bounds of listening sockets and of the connections' transports.</summary>
internal static class ListenerLimits
{
    /// <summary>Connections that the system completes before they are accepted (S-031).</summary>
    public const int Backlog = 1024;

    /// <summary>Received bytes that wait for one connection before its socket is no longer read.</summary>
    public const int MaxReadBufferBytes = 64 * 1024;

    /// <summary>Bytes to send that wait for one connection before its writer waits.</summary>
    public const int MaxWriteBufferBytes = 64 * 1024;

    /// <summary>Transient accept errors in a row that are retried at once; more of them are delayed.</summary>
    public const int ImmediateRetries = 16;

    /// <summary>Delay after the first accept error that is not transient.</summary>
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);

    /// <summary>Delay that repeated errors grow to.</summary>
    public static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(1);

    /// <summary>Time that closing has to send what is left, before the socket is reset (S-034).</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);
}
