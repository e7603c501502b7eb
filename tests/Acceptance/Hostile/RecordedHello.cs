using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>The first TLS record of a real client.</summary>
internal static class RecordedHello
{
    private const int RecordHeaderBytes = 5;

    /// <summary>Has a client say it to a listener that does not answer.</summary>
    public static async Task<byte[]> RecordAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using TcpClient peer = await listener.AcceptTcpClientAsync();
        using TlsContext context = TlsContext.ForClient(new TlsClientOptions());
        using var enough = new CancellationTokenSource();
        Task<TlsStream> connecting = TlsStream.ConnectAsync(context, client.GetStream(), new byte[32], enough.Token);
        byte[] header = new byte[RecordHeaderBytes];
        await peer.GetStream().ReadExactlyAsync(header);
        byte[] hello = [.. header, .. new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))]];
        await peer.GetStream().ReadExactlyAsync(hello.AsMemory(RecordHeaderBytes));
        await enough.CancelAsync();
        await connecting.ContinueWith(static _ => { }, TaskScheduler.Default);
        return hello;
    }
}
