using System.Globalization;
using SimplexActors.Acceptance.Support;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Who asks the network whether the other side is still there.</summary>
public sealed class KeepAliveTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private const string Established = "01";

    /// <summary>Timers of a connection in the kernel's tables: none, waiting for an acknowledgement, and waiting to send a probe.</summary>
    private const string NoTimer = "00", RetransmitTimer = "01", KeepAliveTimer = "02";

    private readonly TestRouter _router = fixture.Router;

    [Fact]
    [Spec("S-040")]
    public async Task Clients_keep_their_connections_alive_and_the_router_does_not()
    {
        await using Peer client = await _router.ConnectAsync();
        await client.Client.PingAsync();
        Assert.Equal(KeepAliveTimer, await TimerAsync(connection => connection.RemotePort == _router.Address.Port));
        Assert.Equal(NoTimer, await TimerAsync(connection => connection.LocalPort == _router.Address.Port));
    }

    /// <summary>The timer of the one connection that is meant, once all that it sent is acknowledged.</summary>
    private static async Task<string> TimerAsync(Func<Connection, bool> isMeant)
    {
        while (true)
        {
            Connection[] connections = [.. await ConnectionsAsync("tcp"), .. await ConnectionsAsync("tcp6")];
            string timer = Assert.Single(connections, connection => isMeant(connection)).Timer;
            if (timer != RetransmitTimer)
            {
                return timer;
            }

            await Task.Yield();
        }
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
