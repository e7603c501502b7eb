using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Edges.Listener;

/// <summary>What listeners log. Event ids 200 to 219 are theirs and never change their meaning.</summary>
internal static partial class ListenerLog
{
    [LoggerMessage(200, LogLevel.Warning, "No IPv6 here ({Error}): port {Port} listens on IPv4 only")]
    public static partial void NoIPv6(ILogger logger, SocketError error, int port);

    [LoggerMessage(201, LogLevel.Warning, "Port {Port}: a connection was gone before it could be accepted ({Error})")]
    public static partial void AcceptRetried(ILogger logger, int port, SocketError error);

    [LoggerMessage(202, LogLevel.Error, "Port {Port}: no connection can be accepted now ({Error}), next attempt in {DelayMs} ms")]
    public static partial void AcceptDelayed(ILogger logger, int port, SocketError error, double delayMs);

    [LoggerMessage(203, LogLevel.Debug, "Port {Port}: a connection was gone when it was accepted ({Error})")]
    public static partial void GoneAtOnce(ILogger logger, int port, SocketError error);

    [LoggerMessage(204, LogLevel.Debug, "Port {Port}: a connection did not take its last bytes in time and was reset")]
    public static partial void LingerOver(ILogger logger, int port);

    [LoggerMessage(205, LogLevel.Warning, "Port {Port}: a connection was refused because its address has too many; {Suppressed} more since the last such line")]
    public static partial void AddressRefused(ILogger logger, int port, long suppressed);
}
