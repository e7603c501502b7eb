using System.Net;
using System.Net.Sockets;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Tls;

/// <summary>Clients that are none. Every socket must be counted once and closed, and honest clients served.</summary>
public sealed class HostileClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-034", "S-035", "S-036", "S-502")]
    public async Task Whatever_clients_do_every_socket_is_closed_and_counted_once()
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        var random = new Random(11);
        const int rounds = 40;
        for (int i = 0; i < rounds; i++)
        {
            byte[] noise = new byte[random.Next(1, 3000)];
            random.NextBytes(noise);
            await SendAndLeaveAsync(edge, noise);

            // A record header of a handshake that promises more than comes.
            await SendAndLeaveAsync(edge, [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, .. noise.AsSpan(0, Math.Min(noise.Length, 200))]);
            await SendAndLeaveAsync(edge, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            await SendAndLeaveAsync(edge, []);
            await ResetAsync(edge, noise);
        }

        SocketCounts counts = await edge.AllClosedAsync(rounds * 5);
        Assert.Equal(new SocketCounts(rounds * 5, rounds * 5, 0, 0), counts);
        Assert.Equal(0, edge.Handshakes.Count);
        await ConnectHonestlyAsync(edge);
    }

    [Fact]
    public async Task A_bad_client_hello_is_answered_with_an_alert_before_the_end()
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        using Socket socket = await ConnectAsync(edge);
        await socket.SendAsync(new byte[] { 0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0 }, Cancellation);
        byte[] answer = await ReadToEndAsync(socket);
        Assert.Equal(new byte[] { 0x15, 3 }, answer[..2]);
    }

    [Fact]
    public async Task Plain_text_is_answered_with_an_end()
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        using Socket socket = await ConnectAsync(edge);
        await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancellation);
        Assert.Empty(await ReadToEndAsync(socket));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [Spec("S-038")]
    public async Task A_client_that_does_not_finish_is_closed(int bytes)
    {
        await using TestEdge edge = await TestEdge.StartAsync(handshakeTimeout: TimeSpan.FromMilliseconds(100));
        using Socket socket = await ConnectAsync(edge);
        await socket.SendAsync(new byte[] { 0x16, 3, 1, 2, 0 }.AsMemory(0, bytes), Cancellation);
        await ReadToEndAsync(socket);
        await edge.AllClosedAsync(1);
        Assert.Equal(0, edge.Handshakes.Count);
    }

    [Fact]
    public async Task Too_many_handshakes_end_the_oldest_and_not_the_honest_ones()
    {
        await using TestEdge edge = await TestEdge.StartAsync(maxHandshakes: 4);
        List<Socket> silent = [await ConnectAsync(edge)];

        // Whoever connected first need not begin first.
        await edge.HandshakesAsync(1);
        for (int i = 0; i < 4; i++)
        {
            silent.Add(await ConnectAsync(edge));
        }

        await ReadToEndAsync(silent[0]);
        await ConnectHonestlyAsync(edge);
        Assert.True(edge.Handshakes.Count <= 4);
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    [Spec("S-034", "S-035")]
    public async Task An_open_connection_is_active_until_it_ends()
    {
        await using TestEdge edge = await TestEdge.StartAsync();
        using TlsContext context = TlsContext.ForClient(new TlsClientOptions());
        TlsStream client = await TlsStream.ConnectAsync(
            context, new NetworkStream(await ConnectAsync(edge), ownsSocket: true), edge.Credentials.Router.Identity, Cancellation);
        await edge.Served.Task;
        Assert.Equal(new SocketCounts(1, 0, 1, 0), edge.Statistics.Read());
        await client.DisposeAsync();
        Assert.Equal(new SocketCounts(1, 1, 0, 0), await edge.AllClosedAsync(1));
    }

    private static async Task ConnectHonestlyAsync(TestEdge edge)
    {
        using TlsContext context = TlsContext.ForClient(new TlsClientOptions());
        await using TlsStream client = await TlsStream.ConnectAsync(
            context, new NetworkStream(await ConnectAsync(edge), ownsSocket: true), edge.Credentials.Router.Identity, Cancellation);
        await client.WriteAsync("honest"u8.ToArray(), Cancellation);
        byte[] echo = new byte[6];
        await client.ReadExactlyAsync(echo, Cancellation);
        Assert.Equal("honest"u8, echo);
    }

    private static async Task<Socket> ConnectAsync(TestEdge edge)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, edge.Port, Cancellation);
        return socket;
    }

    private static async Task SendAndLeaveAsync(TestEdge edge, byte[] data)
    {
        using Socket socket = await ConnectAsync(edge);
        await socket.SendAsync(data, Cancellation);
    }

    private static async Task ResetAsync(TestEdge edge, byte[] data)
    {
        using Socket socket = await ConnectAsync(edge);
        await socket.SendAsync(data, Cancellation);
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket);
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, Cancellation);
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // Bytes that the server did not read make its system end with a reset: an end all the same.
            return all.ToArray();
        }

        return all.ToArray();
    }
}
