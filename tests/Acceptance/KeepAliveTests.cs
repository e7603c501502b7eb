using System.Globalization;
using SimplexActors.Acceptance.Support;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Who asks the network whether the other side is still there.</summary>
public sealed class KeepAliveTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private const string Established = "01";

    /// <summary>In the kernel's tables: the connection's timer waits to send a keep-alive probe.</summary>
    private const string KeepAliveTimer = "02";

    private readonly TestRouter _router = fixture.Router;

    [Fact]
    [Spec("S-040")]
    public async Task Clients_keep_their_connections_alive_and_the_router_does_not()
    {
        await using Peer client = await _router.ConnectAsync();
        await client.Client.PingAsync();
        Connection[] connections = [.. await ConnectionsAsync("tcp"), .. await ConnectionsAsync("tcp6")];
        int port = _router.Address.Port!.Value;
        Assert.Equal(KeepAliveTimer, Assert.Single(connections, connection => connection.RemotePort == port).Timer);
        Assert.NotEqual(KeepAliveTimer, Assert.Single(connections, connection => connection.LocalPort == port).Timer);
    }

    /// <summary>The established connections of this machine.</summary>
    private static async Task<IEnumerable<Connection>> ConnectionsAsync(string table)
    {
        string[] lines = await File.ReadAllLinesAsync($"/proc/self/net/{table}", TestContext.Current.CancellationToken);
        return from line in lines.Skip(1)
               let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
               where fields[3] == Established
               select new Connection(PortOf(fields[1]), PortOf(fields[2]), fields[5].Split(':')[0]);
    }

    private static int PortOf(string address) => int.Parse(address.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed record Connection(int LocalPort, int RemotePort, string Timer);
}
