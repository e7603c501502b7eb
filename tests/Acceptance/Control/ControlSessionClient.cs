using System.Net;
using System.Net.Sockets;
using System.Text;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Acceptance.Control;

/// <summary>A session on a control port, as an operator's program has it.</summary>
public sealed class ControlSessionClient : IDisposable
{
    public const string Help = "commands: stats, stats-rts, clients, sockets, socket-threads, threads, server-info, delete, save, help, quit";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _client = new(AddressFamily.InterNetwork);
    private StreamReader? _reader;

    /// <summary>Connects and takes the greeting.</summary>
    public static async Task<ControlSessionClient> ConnectAsync(int port)
    {
        ControlSessionClient session = await ConnectSilentlyAsync(port);
        Assert.Equal("SMP server control port", await session.ReadLineAsync());
        Assert.Equal("'help' for supported commands", await session.ReadLineAsync());
        return session;
    }

    /// <summary>Connects.</summary>
    public static async Task<ControlSessionClient> ConnectSilentlyAsync(int port)
    {
        var session = new ControlSessionClient();
        await session._client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        session._reader = new StreamReader(session._client.GetStream());
        return session;
    }

    /// <summary>An id as commands take it.</summary>
    public static string IdOf(EntityId id) => Base64UrlText.Encode(id.Bytes);

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Sends text.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The next line; null when the router closed the session.</summary>
    public async Task<string?> ReadLineAsync()
    {
        try
        {
            return await _reader!.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        }
        catch (IOException)
        {
            // Closed before everything that was sent was read.
            return null;
        }
    }

    /// <summary>The answer's lines. Answers have no end of their own: that of another command follows.</summary>
    public async Task<string[]> AskAsync(string command)
    {
        await SendAsync($"{command}\nhelp\n");
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line && line != Help)
        {
            lines.Add(line);
        }

        return [.. lines];
    }

    /// <summary>The one line that a command is answered with.</summary>
    public async Task<string> AskOneAsync(string command) => Assert.Single(await AskAsync(command));

    public void Dispose()
    {
        _reader?.Dispose();
        _client.Dispose();
    }
}
