using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>What the proxy logs. Event ids 340 to 349 are its own and never change their meaning. No addresses, of either side.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(340, LogLevel.Debug, "Connected to a relay (own: {IsOwn})")]
    public static partial void Connected(ILogger logger, bool isOwn);

    [LoggerMessage(341, LogLevel.Debug, "A relay could not be connected to (own: {IsOwn}): {Error}")]
    public static partial void NotConnected(ILogger logger, bool isOwn, string error);

    [LoggerMessage(342, LogLevel.Debug, "A connection to a relay ended (own: {IsOwn})")]
    public static partial void Disconnected(ILogger logger, bool isOwn);

    [LoggerMessage(343, LogLevel.Error, "Connecting to a relay failed for a reason that is not the relay's")]
    public static partial void RelayFault(ILogger logger, Exception cause);
}
