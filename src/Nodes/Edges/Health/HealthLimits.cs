using Microsoft.AspNetCore.Server.Kestrel.Core;
using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Nodes.Edges.Health;

/// <summary>Bounds of what tells about health, and of what those may take who ask.</summary>
internal static class HealthLimits
{
    /// <summary>Connections at the same time.</summary>
    public const int Connections = 64;

    /// <summary>Bytes of a request line, and of all header fields together.</summary>
    public const int RequestBytes = 4 * 1024;

    /// <summary>Time that the head of a request may take.</summary>
    public static readonly TimeSpan RequestHead = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a connection is closed.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(60);

    /// <summary>Time that the store has to answer; less than those who ask usually wait.</summary>
    public static readonly TimeSpan StoreAnswer = TimeSpan.FromMilliseconds(800);

    /// <summary>The store is asked at most once in this time, however many ask.</summary>
    public static readonly TimeSpan StoreLook = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any round of ownership takes: questions that time out, a wait for the end of a namesake, shards that are suspended.</summary>
    public static TimeSpan LongestRoundOf(OwnershipOptions options) => TimeSpan.FromSeconds(30) + (options.ClaimAfter * 4);

    /// <summary>Sets the bounds of the HTTP server.</summary>
    public static void ApplyTo(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = Connections;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = RequestBytes;
        limits.MaxRequestBufferSize = RequestBytes * 2;
        limits.MaxRequestHeadersTotalSize = RequestBytes;
        limits.RequestHeadersTimeout = RequestHead;
        limits.KeepAliveTimeout = KeepAlive;
    }
}
