using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Client;

/// <summary>Makes TCP connections to routers; also for those who choose the address themselves (<see cref="RouterDialer"/>).</summary>
public static class RouterSocket
{
    private const int KeepAliveIdleSeconds = 30;
    private const int KeepAliveIntervalSeconds = 15;
    private const int KeepAliveProbes = 4;

    /// <summary>Connects to one address.</summary>
    /// <exception cref="SocketException">Nobody accepts.</exception>
    public static async Task<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancellation = default)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellation);
            socket.NoDelay = true;
            KeepAlive(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Finds routers that vanished without a word, as the reference does (S-040, C-067).</summary>
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveIdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }
}
