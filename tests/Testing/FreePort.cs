using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Testing;

/// <summary>Finds a port for a router that starts again on the same one.</summary>
public static class FreePort
{
    /// <summary>Below the ports that the system gives to clients, so that none takes it while the router is down.</summary>
    private const int First = 20_000, Last = 32_000;

    /// <summary>Tests that run at the same time get different ones, also before their routers listen.</summary>
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that nobody listens on, and that nobody else in this process was given.</summary>
    public static int Find(Random random)
    {
        while (true)
        {
            int port = random.Next(First, Last);
            if (IsFree(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        // Both families: who listens on 127.0.0.1 alone has the port, too.
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            socket.Listen();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
