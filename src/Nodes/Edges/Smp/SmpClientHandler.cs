using Microsoft.AspNetCore.Connections;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Tls;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>Serves one client after TLS: SMP handshake, then the connection's life.</summary>
internal sealed class SmpClientHandler(SmpRouter router, ConnectionWatch watch) : IDisposable
{
    private readonly ReleaseWaves _waves = new(router.Time);

    /// <summary>
    /// Ends all connections, spread over a time: blocks that were received are answered, nothing more is read. Completes when each
    /// was told.
    /// </summary>
    /// <param name="over">Time in which the last one is told; zero: all at once.</param>
    /// <param name="deadline">When it is over, all are told.</param>
    public Task StopAsync(TimeSpan over, CancellationToken deadline) => _waves.ReleaseAsync(over, () => watch.Count > 0, deadline);

    /// <summary>Serves one connection; completes when it is over.</summary>
    public async Task ServeAsync(ConnectionContext context)
    {
        TlsStream stream = context.Features.Get<ITlsPeerFeature>()!.Stream;
        var transport = new ConnectionTransport(stream, context.Abort, router.Time) { Gone = context.ConnectionClosed };
        CancellationToken stopping = _waves.Next();
        try
        {
            using SmpSession? session = await HandshakeAsync(stream, transport, stopping);
            if (session is not null)
            {
                await ServeAsync(session, transport, context.Features.Get<AddressUse>(), stopping);
            }
        }
        catch (Exception fault) when (ConnectionTransport.IsPeerFault(fault))
        {
            // The peer is gone or did not finish its handshake in time. Returning closes the connection cleanly.
            transport.MarkClosed();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _waves.Dispose();

    private async Task<SmpSession?> HandshakeAsync(TlsStream stream, ConnectionTransport transport, CancellationToken stopping)
    {
        using var ending = new CancellationTokenSource(router.Timeouts.Handshake, router.Time);
        await using CancellationTokenRegistration stop = stopping.Register(static source => ((CancellationTokenSource)source!).Cancel(), ending);
        var tls = new TlsClient(stream.SessionId, stream.ApplicationProtocol is not null, stream.PeerChain);
        return await SmpHandshake.RunAsync(router, tls, transport, ending.Token);
    }

    private async Task ServeAsync(SmpSession session, ConnectionTransport transport, AddressUse? address, CancellationToken stopping)
    {
        using var connection = new SmpConnection(router, session, transport, address);
        if (!watch.TryAdd(connection, transport))
        {
            return;
        }

        try
        {
            await connection.RunAsync(stopping);
        }
        finally
        {
            watch.Remove(connection);
        }
    }
}
