using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Testing;

/// <summary>Finds a port for a router that starts again on the same one.</summary>
public static class FreePort
{
    /// <summary>Below the ports that the system gives to clients, so that none takes it while the router is down.</summary>
    private const int First = 20_000, Last = 32_000;

    /// <summary>A port that nobody listens on.</summary>
    public static int Find(Random random)
    {
        while (true)
        {
            int port = random.Next(First, Last);
            try
            {
                using var listener = new TcpListener(IPAddress.IPv6Any, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }
}
