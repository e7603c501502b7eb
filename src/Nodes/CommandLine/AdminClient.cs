using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>Asks a router's control port, one connection per command: its end is the end of the answer, which the protocol does not mark.</summary>
/// <param name="port">TCP port on 127.0.0.1.</param>
/// <param name="password">Null: the session has no role.</param>
internal sealed class AdminClient(int port, string? password)
{
    private const int GreetingLines = 2;

    /// <summary>The answer's lines.</summary>
    /// <exception cref="CommandFailure">Nobody listens, or the password is wrong.</exception>
    public async Task<IReadOnlyList<string>> AskAsync(string command, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient(AddressFamily.InterNetwork);
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            NetworkStream stream = client.GetStream();
            string request = (password is null ? "" : $"auth {password}\n") + command + "\nquit\n";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancellation);
            using var reader = new StreamReader(stream);
            string[] lines = (await reader.ReadToEndAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return Answer(lines);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new CommandFailure($"control port {port}: {e.Message}");
        }
    }

    private string[] Answer(string[] lines)
    {
        int roleLines = password is null ? 0 : 1;
        if (lines.Length < GreetingLines + roleLines)
        {
            throw new CommandFailure($"control port {port}: it closed the connection");
        }

        if (password is not null && lines[GreetingLines].EndsWith("CPRNone", StringComparison.Ordinal))
        {
            throw new CommandFailure($"control port {port}: the router has another password than this configuration");
        }

        return lines[(GreetingLines + roleLines)..];
    }
}
