using System.Net;
using SimplexActors.Testing;

namespace SimplexActors.Cluster.Network;

/// <summary>
/// Stands in for a network where none can be made: nodes on the loopback address, with relays before their ports for links and
/// before the database. What is cut off they hold, and deliver late when it is mended.
/// </summary>
/// <param name="whyNotReal">Why there is no real one.</param>
/// <param name="database">Where the database is.</param>
/// <param name="nameOf">The node that has the near end of a connection to a port of this machine.</param>
internal sealed class RelayNetwork(string whyNotReal, Func<IPEndPoint> database, Func<IPEndPoint, int, string?> nameOf) : IClusterNetwork
{
    /// <summary>Where other nodes reach the relay of a node; the node itself listens on 127.0.0.1, on the same port.</summary>
    private static readonly IPAddress _linkAddress = new([127, 0, 0, 2]);

    private readonly Dictionary<string, (TcpRelay Links, TcpRelay Database)> _relays = [];
    private readonly Random _random = new();

    /// <inheritdoc/>
    public string? WhyNotReal => whyNotReal;

    /// <inheritdoc/>
    public Task<NodePlace> JoinAsync(string node)
    {
        int port = FreePort.Find(_random);
        var links = new TcpRelay(new IPEndPoint(_linkAddress, port), () => new IPEndPoint(IPAddress.Loopback, port), from => nameOf(from, port));
        var store = new TcpRelay(new IPEndPoint(IPAddress.Loopback, 0), database);
        _relays[node] = (links, store);
        return Task.FromResult(new NodePlace(
            IPAddress.Loopback, FreePort.Find(_random), _linkAddress, port, new IPEndPoint(IPAddress.Loopback, store.Port), Launcher: []));
    }

    /// <inheritdoc/>
    public async Task LeaveAsync(string node)
    {
        _relays.Remove(node, out (TcpRelay Links, TcpRelay Database) relays);
        await relays.Links.DisposeAsync();
        await relays.Database.DisposeAsync();
    }

    /// <inheritdoc/>
    public Task CutAsync(string one, string other)
    {
        if (other == IClusterNetwork.Database)
        {
            _relays[one].Database.Hold();
        }
        else
        {
            _relays[one].Links.Hold(other);
            _relays[other].Links.Hold(one);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CutOneWayAsync(string from, string to) => throw new NotSupportedException("A relay's own kernel answers for the other end.");

    /// <inheritdoc/>
    public Task MendAsync()
    {
        foreach ((TcpRelay links, TcpRelay store) in _relays.Values)
        {
            links.Release();
            store.Release();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (string node in _relays.Keys.ToArray())
        {
            await LeaveAsync(node);
        }
    }
}
