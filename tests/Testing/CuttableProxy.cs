using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Testing;

/// <summary>
/// A TCP proxy on the loopback address. Cut, it closes the clients' connections and keeps those to the server open and
/// silent, as when a network fails: the server does not notice.
/// </summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<(TcpClient Client, TcpClient Server)> _connections = [];
    private readonly int _serverPort;
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="serverPort">Where connections lead to, on the loopback address.</param>
    public CuttableProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Closes the clients' connections; later ones work.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach ((TcpClient client, TcpClient _) in _connections)
            {
                client.Client.Close(0);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        foreach ((TcpClient client, TcpClient server) in _connections)
        {
            client.Dispose();
            server.Dispose();
        }

        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var copies = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                var server = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                lock (_gate)
                {
                    _connections.Add((client, server));
                }

                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _end.Token);
                copies.Add(CopyAsync(client, server));
                copies.Add(CopyAsync(server, client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(copies);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _end.Token);
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or the test is over.
        }
    }
}
