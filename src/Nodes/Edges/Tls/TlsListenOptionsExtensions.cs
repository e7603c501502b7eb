using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using SimplexActors.Nodes.Edges.Web;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Nodes.Edges.Tls;

/// <summary>Puts TLS in front of a port of Kestrel.</summary>
internal static class TlsListenOptionsExtensions
{
    /// <summary>Terminates TLS, serves the protocol, and leaves clients that named the server to Kestrel's HTTP server.</summary>
    /// <param name="port">The port's options.</param>
    /// <param name="context">The port's TLS settings; they live as long as the server.</param>
    /// <param name="handshakes">Bounds handshakes, for all ports together.</param>
    /// <param name="protocol">Serves one client of the protocol; finds the stream in <see cref="ITlsPeerFeature"/>.</param>
    /// <param name="logging">Makes the logger.</param>
    public static void UseTls(this ListenOptions port, TlsContext context, HandshakeQueue handshakes, ConnectionDelegate protocol, ILoggerFactory logging)
    {
        ILogger logger = logging.CreateLogger("Tls");
        port.Protocols = HttpProtocols.Http1AndHttp2;

        // The scheme that a client writes is its own business: all are served behind the same TLS.
        port.KestrelServerOptions.AllowAlternateSchemes = true;
        port.Use(http => new TlsMiddleware(context, handshakes, protocol, new WebConnections(Actors.Limits.WebConnections, http).OnConnectionAsync, logger).OnConnectionAsync);
    }
}
