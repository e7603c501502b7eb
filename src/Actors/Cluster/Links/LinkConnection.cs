using System.Net.Security;
using System.Net.Sockets;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>A connection between two nodes over which a session runs.</summary>
/// <param name="socket">The socket below.</param>
/// <param name="stream">What is read and written; owned.</param>
/// <param name="peerName">The name in the peer's certificate.</param>
internal sealed class LinkConnection(Socket socket, Stream stream, string peerName) : IAsyncDisposable
{
    /// <summary>What is read and written.</summary>
    public Stream Stream => stream;

    /// <summary>The name in the peer's certificate.</summary>
    public string PeerName => peerName;

    /// <summary>Ends every read and write. Any thread, any number of times.</summary>
    public void Abort() => socket.Dispose();

    /// <summary>Tells the peer that nothing more is written.</summary>
    public async Task ShutdownAsync()
    {
        if (stream is SslStream tls)
        {
            await tls.ShutdownAsync();
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await stream.DisposeAsync();
    }
}
