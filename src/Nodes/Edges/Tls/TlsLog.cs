using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Edges.Tls;

/// <summary>What the TLS edge logs. Event ids 220 to 229 are its and never change their meaning. Off by default: level Debug (S-061).</summary>
internal static partial class TlsLog
{
    [LoggerMessage(220, LogLevel.Debug, "TLS handshake failed: {Reason}")]
    public static partial void Failed(ILogger logger, string reason);

    [LoggerMessage(221, LogLevel.Debug, "TLS handshake given up: it took too long or too many were in progress")]
    public static partial void GivenUp(ILogger logger);

    [LoggerMessage(222, LogLevel.Debug, "Connection lost during the TLS handshake")]
    public static partial void Lost(ILogger logger);
}
