using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using SimplexActors.Nodes.Edges.Limiting;

namespace SimplexActors.Nodes.Edges.Listener;

/// <summary>
/// Kestrel's way to sockets, in place of its own: listeners that survive errors and count their sockets. Give it to
/// the constructor of KestrelServer.
/// </summary>
internal sealed class RouterListenerFactory(ILoggerFactory logging, TimeProvider time, AddressTable? addresses = null) : IConnectionListenerFactory
{
    private readonly ILogger _logger = logging.CreateLogger("Listener");
    private readonly ConcurrentDictionary<int, PortStatistics> _statistics = new();

    /// <summary>One entry per port that was listened on, by port number.</summary>
    public IReadOnlyList<PortStatistics> Statistics => [.. _statistics.Values.OrderBy(port => port.Port)];

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not IPEndPoint address)
        {
            throw new NotSupportedException($"Only TCP ports are listened on, not {endpoint.GetType().Name}.");
        }

        Socket socket = ListeningSocket.Bind(address, _logger);
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var connections = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions
            {
                MaxReadBufferSize = ListenerLimits.MaxReadBufferBytes,
                MaxWriteBufferSize = ListenerLimits.MaxWriteBufferBytes,
            },
            logging.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets"));
        PortStatistics statistics = _statistics.GetOrAdd(port, number => new PortStatistics(number));
        return ValueTask.FromResult<IConnectionListener>(new RouterListener(socket, connections, statistics, time, _logger, addresses: addresses));
    }
}
