using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>A SOCKS 5 proxy that connects every host to one port of this machine and remembers what it was asked for.</summary>
internal sealed class SocksServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly string? _credentials;
    private readonly int _target;
    private readonly Task _serving;

    /// <summary>Serves.</summary>
    /// <param name="target">The port that everything leads to; 0: the host cannot be reached.</param>
    /// <param name="credentials">"user:password" to ask for; null: nothing is asked.</param>
    public SocksServer(int target, string? credentials = null)
    {
        (_target, _credentials) = (target, credentials);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>"host:port" of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _serving;
        _ended.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await RelayAsync(client.GetStream());
            }
            catch (Exception end) when (end is IOException or SocketException or OperationCanceledException)
            {
                // Either side is gone, or the test is over.
            }
        }
    }

    private async Task RelayAsync(NetworkStream client)
    {
        byte[] greeting = await ReadAsync(client, 2);
        byte[] methods = await ReadAsync(client, greeting[1]);
        byte method = (byte)(_credentials is null ? 0 : 2);
        await client.WriteAsync(new byte[] { 5, methods.Contains(method) ? method : (byte)0xFF }, _ended.Token);
        if (_credentials is not null && !await CheckAsync(client))
        {
            return;
        }

        string host = await ReadHostAsync(client);
        Requests.Enqueue($"{host}:{BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(client, 2))}");
        await client.WriteAsync(new byte[] { 5, (byte)(_target == 0 ? 4 : 0), 0, 1, 0, 0, 0, 0, 0, 0 }, _ended.Token);
        if (_target == 0)
        {
            return;
        }

        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _target, _ended.Token);
        NetworkStream target = socket.GetStream();
        await Task.WhenAny(client.CopyToAsync(target, _ended.Token), target.CopyToAsync(client, _ended.Token));
    }

    private async Task<bool> CheckAsync(NetworkStream client)
    {
        await ReadAsync(client, 1);
        string user = await ReadTextAsync(client);
        bool isRight = $"{user}:{await ReadTextAsync(client)}" == _credentials;
        await client.WriteAsync(new byte[] { 1, (byte)(isRight ? 0 : 1) }, _ended.Token);
        return isRight;
    }

    private async Task<string> ReadHostAsync(NetworkStream client) => (await ReadAsync(client, 4))[3] switch
    {
        1 => new IPAddress(await ReadAsync(client, 4)).ToString(),
        3 => await ReadTextAsync(client),
        _ => new IPAddress(await ReadAsync(client, 16)).ToString(),
    };

    private async Task<string> ReadTextAsync(NetworkStream client) =>
        Encoding.ASCII.GetString(await ReadAsync(client, (await ReadAsync(client, 1))[0]));

    private async Task<byte[]> ReadAsync(NetworkStream client, int count)
    {
        byte[] bytes = new byte[count];
        await client.ReadExactlyAsync(bytes, _ended.Token);
        return bytes;
    }
}
