using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SimplexActors.Nodes.Edges.Limiting;

namespace SimplexActors.Nodes.Edges.Listener;

/// <summary>
/// An accepted connection that is counted exactly once when it ends (S-034, S-502): Kestrel disposes every connection
/// that it was given, whether TLS, a protocol or nothing at all ran on it. Closing takes a bounded time.
/// </summary>
internal sealed class CountedConnection : ConnectionContext
{
    private readonly ConnectionContext _inner;
    private readonly PortStatistics _statistics;
    private readonly AddressUse? _address;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _disposed;

    public CountedConnection(ConnectionContext inner, PortStatistics statistics, AddressUse? address, TimeProvider time, ILogger logger)
    {
        _inner = inner;
        _statistics = statistics;
        _address = address;
        inner.Features.Set(address);
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => _inner.Features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => _inner.Transport;
        set => _inner.Transport = value;
    }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed
    {
        get => _inner.ConnectionClosed;
        set => _inner.ConnectionClosed = value;
    }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint
    {
        get => _inner.LocalEndPoint;
        set => _inner.LocalEndPoint = value;
    }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint
    {
        get => _inner.RemoteEndPoint;
        set => _inner.RemoteEndPoint = value;
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

    /// <inheritdoc/>
    public override void Abort() => _inner.Abort();

    /// <summary>Sends what is left, for at most <see cref="ListenerLimits.Linger"/>, and closes the socket.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await CloseAsync();
        }

        await base.DisposeAsync();
    }

    private async Task CloseAsync()
    {
        _statistics.Ended();
        try
        {
            Task closing = _inner.DisposeAsync().AsTask();
            try
            {
                await closing.WaitAsync(ListenerLimits.Linger, _time);
            }
            catch (TimeoutException)
            {
                ListenerLog.LingerOver(_logger, _statistics.Port);
                _inner.Abort(new ConnectionAbortedException("The connection did not take its last bytes in time."));
                await closing;
            }
        }
        finally
        {
            _address?.Leave();
            _statistics.Closed();
        }
    }
}
