using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SimplexActors.Protocol.Transport.Tls;
using Xunit;

namespace SimplexActors.Protocol.Tests.Tls;

/// <summary>Both ends of one TLS connection over a loopback socket.</summary>
internal sealed class TlsPair(TlsStream client, TlsStream server, Socket serverSocket) : IAsyncDisposable
{
    public TlsStream Client { get; } = client;

    public TlsStream Server { get; } = server;

    public Socket ServerSocket { get; } = serverSocket;

    public static async Task<TlsPair> ConnectAsync(TlsContext client, TlsContext server, byte[] identity, CancellationToken cancellation)
    {
        (Socket clientSocket, Socket serverSocket) = await Sockets.ConnectAsync(cancellation);
        Task<(TlsStream? Stream, TlsFailure? Failure)> accepting = TlsStream.AcceptAsync(server, Sockets.Pipes(serverSocket), cancellation);
        TlsStream connected;
        try
        {
            connected = await TlsStream.ConnectAsync(client, new NetworkStream(clientSocket, ownsSocket: true), identity, cancellation);
        }
        catch
        {
            // The server's verdict is what a test may want to see first; its socket closes after it.
            (_, TlsFailure? failure) = await accepting;
            serverSocket.Dispose();
            Assert.NotNull(failure);
            throw;
        }

        (TlsStream? accepted, TlsFailure? refused) = await accepting;
        Assert.Null(refused);
        return new TlsPair(connected, accepted!, serverSocket);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        ServerSocket.Dispose();
    }
}

/// <summary>Loopback sockets.</summary>
internal static class Sockets
{
    public static async Task<(Socket Client, Socket Server)> ConnectAsync(CancellationToken cancellation)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndPoint!, cancellation);
        Socket server = await listener.AcceptAsync(cancellation);
        server.NoDelay = true;
        return (client, server);
    }

    public static IDuplexPipe Pipes(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        return new SocketPipes(PipeReader.Create(stream), PipeWriter.Create(stream));
    }

    private sealed record SocketPipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
