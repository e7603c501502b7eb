using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>What one browser may take of Kestrel's HTTP server. Pages are small and nobody uploads anything.</summary>
internal static class WebLimits
{
    /// <summary>Sets the bounds.</summary>
    public static void ApplyTo(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = Actors.Limits.WebRequestBytes;
        limits.MaxRequestBufferSize = Actors.Limits.WebRequestBytes * 2;
        limits.MaxRequestHeadersTotalSize = Actors.Limits.WebRequestBytes;
        limits.RequestHeadersTimeout = Actors.Limits.WebRequestHead;
        limits.KeepAliveTimeout = Actors.Limits.WebKeepAlive;
        limits.Http2.MaxStreamsPerConnection = Actors.Limits.WebStreamsPerConnection;
        limits.Http2.MaxRequestHeaderFieldSize = Actors.Limits.WebRequestBytes / 2;
    }
}
