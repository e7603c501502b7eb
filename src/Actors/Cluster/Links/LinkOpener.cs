using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>Makes a session of a connection: TLS, hello, and the handler's receiver.</summary>
internal sealed class LinkOpener(LinkOptions options, Func<NodeNumber> self, ILinkHandler handler, ILogger logger)
{
    /// <summary>Opens a session with the node that was dialled, or with whoever dialled.</summary>
    /// <param name="socket">The connection; owned.</param>
    /// <param name="dialled">The node; none when this node was dialled.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A session that runs, or the reason why there is none.</returns>
    /// <exception cref="Exception">TLS or the connection failed.</exception>
    public async Task<(LinkSession? Session, LinkAgreement Agreement)> OpenAsync(Socket socket, NodeNumber dialled, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.HandshakeTime, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        LoadedCredentials credentials = options.Credentials.Current(logger);
        bool isOwn = !dialled.IsNone;
        LinkConnection connection = isOwn
            ? await LinkTls.ConnectAsync(socket, credentials, options.Time, both.Token)
            : await LinkTls.AcceptAsync(socket, credentials, options.Time, both.Token);
        LinkAgreement agreement;
        try
        {
            agreement = await LinkHandshake.RunAsync(connection.Stream, Hello(dialled), both.Token);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        if (agreement.Refusal is not null)
        {
            await connection.DisposeAsync();
            return (null, agreement);
        }

        return (await StartAsync(new LinkSession(connection, agreement, options, isOwn, logger), isOwn), agreement);
    }

    private async Task<LinkSession> StartAsync(LinkSession session, bool isOwn)
    {
        try
        {
            session.Start(handler.Opened(session, isOwn));
        }
        catch (Exception e)
        {
            LinkLog.HandlerFault(logger, e, session.Peer);
            await session.AbandonAsync("the handler of links threw");
        }

        return session;
    }

    private LinkHello Hello(NodeNumber dialled) => new()
    {
        Versions = options.Versions,
        Self = self(),
        Dialled = dialled,
        ShardCount = options.ShardCount,
        StreamWindowBytes = options.StreamWindowBytes,
        PostedBytes = options.PostedBytes,
        Cluster = options.Cluster,
    };
}
