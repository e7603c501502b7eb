using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Edges.Listener;

/// <summary>Opens listening sockets (S-031): one for IPv6 and IPv4 together, or for IPv4 alone where there is no IPv6.</summary>
internal static class ListeningSocket
{
    /// <summary>Binds and listens.</summary>
    /// <param name="endPoint">Address and port; <see cref="IPAddress.IPv6Any"/> stands for all addresses of both kinds.</param>
    /// <param name="logger">Hears of a missing IPv6.</param>
    /// <param name="open">Makes a TCP socket of a family.</param>
    /// <exception cref="AddressInUseException">Another program listens there.</exception>
    /// <exception cref="SocketException">The address cannot be used.</exception>
    public static Socket Bind(IPEndPoint endPoint, ILogger logger, Func<AddressFamily, Socket>? open = null)
    {
        open ??= family => new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        if (!endPoint.Address.Equals(IPAddress.IPv6Any))
        {
            return Bind(endPoint, open, dualMode: false);
        }

        try
        {
            return Bind(endPoint, open, dualMode: true);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressFamilyNotSupported
            or SocketError.AddressNotAvailable or SocketError.ProtocolFamilyNotSupported or SocketError.ProtocolNotSupported)
        {
            ListenerLog.NoIPv6(logger, exception.SocketErrorCode, endPoint.Port);
            return Bind(new IPEndPoint(IPAddress.Any, endPoint.Port), open, dualMode: false);
        }
    }

    private static Socket Bind(IPEndPoint endPoint, Func<AddressFamily, Socket> open, bool dualMode)
    {
        Socket socket = open(endPoint.AddressFamily);
        try
        {
            if (dualMode)
            {
                socket.DualMode = true;
            }

            // .NET sets SO_REUSEADDR (not SO_REUSEPORT) and close-on-exec on its own.
            socket.Bind(endPoint);
            socket.Listen(ListenerLimits.Backlog);
            return socket;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(exception.Message, exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
