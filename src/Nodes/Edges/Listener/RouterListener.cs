using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Nodes.Edges.Limiting;

namespace SimplexActors.Nodes.Edges.Listener;

/// <summary>
/// Accepts the connections of one port until it is unbound; no error ends it sooner (S-033, S-486). Kestrel's own
/// listener ends on the first error that it does not know, such as EMFILE.
/// </summary>
internal sealed class RouterListener : IConnectionListener
{
    private readonly Socket _socket;
    private readonly Func<CancellationToken, ValueTask<Socket>> _accept;
    private readonly SocketConnectionContextFactory _connections;
    private readonly PortStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AddressTable? _addresses;
    private readonly LogThrottle _refusals;
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Takes over a listening socket.</summary>
    /// <param name="socket">Bound and listening.</param>
    /// <param name="connections">Runs the sockets' input and output.</param>
    /// <param name="statistics">Counts this port's sockets.</param>
    /// <param name="time">Times the pauses after errors.</param>
    /// <param name="logger">Hears of errors.</param>
    /// <param name="accept">Accepts one connection; null: from <paramref name="socket"/>.</param>
    /// <param name="addresses">Limits the connections of one address; null: no limits.</param>
    public RouterListener(
        Socket socket,
        SocketConnectionContextFactory connections,
        PortStatistics statistics,
        TimeProvider time,
        ILogger logger,
        Func<CancellationToken, ValueTask<Socket>>? accept = null,
        AddressTable? addresses = null)
    {
        _socket = socket;
        _accept = accept ?? socket.AcceptAsync;
        _connections = connections;
        _statistics = statistics;
        _time = time;
        _logger = logger;
        _addresses = addresses;
        _refusals = new LogThrottle(time, Limits.RefusalLogInterval);
        EndPoint = socket.LocalEndPoint!;
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <summary>The next connection; null after <see cref="UnbindAsync"/>.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        int failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _accept(either.Token);
                failures = 0;
                if (TryStart(socket) is { } connection)
                {
                    return connection;
                }
            }
            catch (Exception exception) when (_stopping.IsCancellationRequested
                && exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The listening socket was closed under the accept: that is how it ends.
                return null;
            }
            catch (SocketException exception)
            {
                failures++;
                await PauseAsync(exception.SocketErrorCode, failures, either.Token);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _connections.Dispose();
    }

    private CountedConnection? TryStart(Socket socket)
    {
        _statistics.Accepted();
        AddressUse? use = null;
        try
        {
            socket.NoDelay = true;
            if (_addresses is null || _addresses.TryEnter(((IPEndPoint)socket.RemoteEndPoint!).Address, out use))
            {
                return new CountedConnection(_connections.Create(socket), _statistics, use, _time, _logger);
            }

            if (_refusals.TryEnter(out long suppressed))
            {
                ListenerLog.AddressRefused(_logger, _statistics.Port, suppressed);
            }
        }
        catch (SocketException exception)
        {
            ListenerLog.GoneAtOnce(_logger, _statistics.Port, exception.SocketErrorCode);
            use?.Leave();
        }

        socket.Dispose();
        _statistics.Ended();
        _statistics.Closed();
        return null;
    }

    private async Task PauseAsync(SocketError error, int failures, CancellationToken stopping)
    {
        TimeSpan delay = AcceptRetry.DelayAfter(error, failures);
        if (delay == TimeSpan.Zero)
        {
            ListenerLog.AcceptRetried(_logger, _statistics.Port, error);
            return;
        }

        ListenerLog.AcceptDelayed(_logger, _statistics.Port, error, delay.TotalMilliseconds);
        await Task.Delay(delay, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
