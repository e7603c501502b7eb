using Microsoft.AspNetCore.Connections;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Tls;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>Serves one client after TLS: SMP handshake, then the connection's life.</summary>
internal sealed class SmpClientHandler(SmpRouter router, ConnectionWatch watch) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Ends all connections: blocks that were received are answered, nothing more is read.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Serves one connection; completes when it is over.</summary>
    public async Task ServeAsync(ConnectionContext context)
    {
        TlsStream stream = context.Features.Get<ITlsPeerFeature>()!.Stream;
        var transport = new ConnectionTransport(stream, context.Abort, router.Time) { Gone = context.ConnectionClosed };
        try
        {
            using SmpSession? session = await HandshakeAsync(stream, transport);
            if (session is not null)
            {
                await ServeAsync(session, transport, context.Features.Get<AddressUse>());
            }
        }
        catch (Exception fault) when (ConnectionTransport.IsPeerFault(fault))
        {
            // The peer is gone or did not finish its handshake in time. Returning closes the connection cleanly.
            transport.MarkClosed();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task<SmpSession?> HandshakeAsync(TlsStream stream, ConnectionTransport transport)
    {
        using var ending = new CancellationTokenSource(router.Timeouts.Handshake, router.Time);
        await using CancellationTokenRegistration stop = _stopping.Token.Register(static source => ((CancellationTokenSource)source!).Cancel(), ending);
        var tls = new TlsClient(stream.SessionId, stream.ApplicationProtocol is not null, stream.PeerChain);
        return await SmpHandshake.RunAsync(router, tls, transport, ending.Token);
    }

    private async Task ServeAsync(SmpSession session, ConnectionTransport transport, AddressUse? address)
    {
        using var connection = new SmpConnection(router, session, transport, address);
        if (!watch.TryAdd(connection, transport))
        {
            return;
        }

        try
        {
            await connection.RunAsync(_stopping.Token);
        }
        finally
        {
            watch.Remove(connection);
        }
    }
}
