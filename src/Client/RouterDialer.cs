using System.Net.Sockets;
using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Client;

/// <summary>
/// Makes the TCP connection to a router, for clients that must not reach everything or go through something, such as
/// the proxy of a router.
/// </summary>
/// <param name="router">Whom to reach.</param>
/// <param name="cancellation">Ends the attempt, also when <see cref="SmpClientOptions.ConnectTimeout"/> passed.</param>
/// <exception cref="SocketException">From the task: it cannot be reached.</exception>
/// <exception cref="SmpException">From the task, with a <see cref="ConnectFailed"/>: it may not be reached.</exception>
public delegate Task<Socket> RouterDialer(RouterAddress router, CancellationToken cancellation);
