using System.Net;
using System.Net.Sockets;
using System.Text;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Client;

/// <summary>
/// A SOCKS 5 proxy (RFC 1928, RFC 1929), such as Tor's. It resolves the names of hosts, so none is asked of DNS here.
/// </summary>
/// <param name="address">Where the proxy listens.</param>
/// <param name="userName">For proxies that ask for it, or that keep users' circuits apart; null for none. At most 255 bytes.</param>
/// <param name="password">With the user name; at most 255 bytes.</param>
public sealed class SocksProxy(EndPoint address, string? userName = null, string? password = null)
{
    private const byte Version = 5, PasswordVersion = 1;
    private const byte NoMethod = 0, PasswordMethod = 2;
    private const byte Connect = 1, Granted = 0;
    private const byte IPv4 = 1, Name = 3, IPv6 = 4;
    private const int PortBytes = 2;
    private const int MaxRequestBytes = 600;

    /// <summary>Connects to a host through the proxy.</summary>
    /// <exception cref="SocketException">The proxy does not accept.</exception>
    /// <exception cref="IOException">The proxy does not reach the host, or does not speak SOCKS 5.</exception>
    public async Task<Socket> ConnectAsync(RouterHost host, ushort port, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        Socket socket = await RouterSocket.ConnectAsync(address, cancellation);
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await AgreeOnMethodAsync(stream, cancellation);
            await stream.WriteAsync(Request(host, port), cancellation);
            await ReadAnswerAsync(stream, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AgreeOnMethodAsync(Stream stream, CancellationToken cancellation)
    {
        byte method = userName is null ? NoMethod : PasswordMethod;
        await stream.WriteAsync(new byte[] { Version, 1, method }, cancellation);
        byte[] chosen = await ReadAsync(stream, 2, cancellation);
        if (chosen[0] != Version || chosen[1] != method)
        {
            throw new IOException("The SOCKS proxy does not accept the way of identification.");
        }

        if (userName is null)
        {
            return;
        }

        await stream.WriteAsync(Credentials(), cancellation);
        if ((await ReadAsync(stream, 2, cancellation))[1] != Granted)
        {
            throw new IOException("The SOCKS proxy does not accept the user name or password.");
        }
    }

    private byte[] Credentials()
    {
        var writer = new WireWriter(new byte[MaxRequestBytes]);
        writer.WriteByte(PasswordVersion);
        writer.WriteShort(Encoding.UTF8.GetBytes(userName!));
        writer.WriteShort(Encoding.UTF8.GetBytes(password ?? ""));
        return writer.Written.ToArray();
    }

    private static byte[] Request(RouterHost host, ushort port)
    {
        var writer = new WireWriter(new byte[MaxRequestBytes]);
        writer.Write([Version, Connect, 0]);
        switch (host.Kind)
        {
            case RouterHostKind.IPv4 or RouterHostKind.IPv6:
                writer.WriteByte(host.Kind is RouterHostKind.IPv4 ? IPv4 : IPv6);
                writer.Write(IPAddress.Parse(host.Name).GetAddressBytes());
                break;
            default:
                writer.WriteByte(Name);
                writer.WriteShort(Encoding.UTF8.GetBytes(host.Name));
                break;
        }

        writer.WriteUInt16(port);
        return writer.Written.ToArray();
    }

    private static async Task ReadAnswerAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] head = await ReadAsync(stream, 4, cancellation);
        if (head[0] != Version || head[1] != Granted)
        {
            throw new IOException("The SOCKS proxy does not reach the router.");
        }

        int length = head[3] switch
        {
            IPv4 => 4,
            IPv6 => 16,
            Name => (await ReadAsync(stream, 1, cancellation))[0],
            _ => throw new IOException("The SOCKS proxy does not speak SOCKS 5."),
        };
        await ReadAsync(stream, length + PortBytes, cancellation);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count, CancellationToken cancellation)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }
}
