using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Nodes.Edges.Tls;

/// <summary>
/// The first stage of every connection: TLS. Then the router's protocol runs, or, for clients that named the
/// server, Kestrel's HTTP server (S-054). Whatever happens, the connection is closed when this returns.
/// </summary>
/// <param name="context">The port's TLS settings.</param>
/// <param name="handshakes">Bounds handshakes in number and time; one for all ports.</param>
/// <param name="protocol">Serves a client of the protocol; finds the stream in <see cref="ITlsPeerFeature"/>.</param>
/// <param name="http">The rest of Kestrel's pipeline.</param>
/// <param name="logger">Hears of failed handshakes.</param>
internal sealed class TlsMiddleware(TlsContext context, HandshakeQueue handshakes, ConnectionDelegate protocol, ConnectionDelegate http, ILogger logger)
{
    /// <summary>Serves one connection.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        TlsStream? stream = await HandshakeAsync(connection);
        if (stream is null)
        {
            // The alert is on its way. Returning closes cleanly; aborting would reset the connection and could drop it.
            return;
        }

        await using (stream)
        {
            connection.Features.Set<ITlsPeerFeature>(new PeerFeature(stream));
            if (stream.ServerNameUsed)
            {
                await ServeHttpAsync(connection, stream);
            }
            else
            {
                await protocol(connection);
            }
        }
    }

    private async Task<TlsStream?> HandshakeAsync(ConnectionContext connection)
    {
        using HandshakeQueue.Place place = handshakes.Enter();
        try
        {
            (TlsStream? stream, TlsFailure? failure) = await TlsStream.AcceptAsync(context, connection.Transport, place.Ending);
            if (failure is not null)
            {
                TlsLog.Failed(logger, failure.Reason);
            }

            return stream;
        }
        catch (OperationCanceledException)
        {
            TlsLog.GivenUp(logger);
            return null;
        }
        catch (IOException)
        {
            TlsLog.Lost(logger);
            return null;
        }
    }

    private async Task ServeHttpAsync(ConnectionContext connection, TlsStream stream)
    {
        var feature = new HttpTlsFeature(stream);
        connection.Features.Set<ITlsConnectionFeature>(feature);
        connection.Features.Set<ITlsApplicationProtocolFeature>(feature);
        IDuplexPipe transport = connection.Transport;
        var pipes = new StreamPipes(
            PipeReader.Create(stream, new StreamPipeReaderOptions(connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool, leaveOpen: true, useZeroByteReads: true)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool, leaveOpen: true)));
        connection.Transport = pipes;
        try
        {
            await http(connection);
            await pipes.Input.CompleteAsync();
            await pipes.Output.CompleteAsync();
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    private sealed record PeerFeature(TlsStream Stream) : ITlsPeerFeature;

    private sealed record StreamPipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
