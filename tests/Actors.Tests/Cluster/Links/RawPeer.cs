using System.Net;
using System.Net.Sockets;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>A session whose peer is the test, which sends and reads frames as bytes.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly TestCluster _cluster = new();

    private RawPeer(Socket socket, Socket accepted, Func<LinkOptions, LinkOptions>? change)
    {
        _socket = socket;
        ClusterCertificates.CreateNode(_cluster.Folder, "node", TimeProvider.System);
        LinkOptions options = TestCluster.Options(_cluster.Credentials("node"));
        options = change?.Invoke(options) ?? options;
        var agreement = new LinkAgreement(new NodeNumber(2), Refusal: null) { Version = 1, StreamWindowBytes = options.StreamWindowBytes, PostedBytes = options.PostedBytes };
        var connection = new LinkConnection(accepted, new NetworkStream(accepted, ownsSocket: true), "raw");
        Session = new LinkSession(connection, agreement, options, isOwn: false, Log);
    }

    public LinkSession Session { get; }

    public LinkLogger Log { get; } = new();

    public TestReceiver Receiver { get; } = new();

    public static async Task<RawPeer> StartAsync(Func<LinkOptions, LinkOptions>? change = null, Func<int, ReadOnlyMemory<byte>, ValueTask>? taking = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint);
        var peer = new RawPeer(socket, await listener.AcceptSocketAsync(), change);
        peer.Receiver.Taking = taking ?? peer.Receiver.Taking;
        peer.Session.Start(peer.Receiver);
        return peer;
    }

    /// <summary>A frame as bytes.</summary>
    public static byte[] Frame(int type, int marks, int stream, params byte[] payload)
    {
        byte[] frame = new byte[FrameHeader.Bytes + payload.Length];
        new FrameHeader((FrameType)type, (FrameMarks)marks, stream, payload.Length).Write(frame);
        payload.CopyTo(frame, FrameHeader.Bytes);
        return frame;
    }

    /// <summary>Sends bytes; false when the session does not take them any more.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes)..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next frame of the session.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)> ReadAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var stream = new NetworkStream(_socket, ownsSocket: false);
        byte[] head = new byte[FrameHeader.Bytes];
        await stream.ReadExactlyAsync(head, limit.Token);
        FrameHeader header = FrameHeader.Read(head);
        byte[] payload = new byte[header.Length];
        await stream.ReadExactlyAsync(payload, limit.Token);
        return (header, payload);
    }

    /// <summary>Closes the connection.</summary>
    public void Close() => _socket.Dispose();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await Session.CloseAsync("the test is over");
        await _cluster.DisposeAsync();
    }
}
