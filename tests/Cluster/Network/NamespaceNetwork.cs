using System.Net;
using System.Security.Cryptography;

namespace SimplexActors.Cluster.Network;

/// <summary>
/// A real network on this machine: every node has a network namespace of its own. A pair of virtual Ethernet devices joins each
/// to a namespace that forwards packets, the hub, and one more pair joins the hub to the machine, where the clients are and the
/// database is. What is cut off the hub drops without a word.
/// </summary>
/// <remarks>
/// All addresses are of one /24 of 198.18.0.0/15, which is set aside for tests of networks (RFC 2544). The machine's own settings
/// stay as they are, but for the device, its addresses and the route to the /24, which go with the hub.
/// </remarks>
internal sealed class NamespaceNetwork : IClusterNetwork
{
    private const int DatabaseHost = 252, MachineHost = 253, HubHost = 254;
    private const int SmpPort = 5223, LinkPort = 5226;
    private const int Subnets = 512, Attempts = 5;

    private readonly NamespaceNames _names = new();
    private readonly byte[] _subnet;
    private readonly Dictionary<string, IPAddress> _addresses = [];
    private readonly List<string> _rules = [];
    private TcpRelay? _database;
    private int _lastHost;

    private NamespaceNetwork(byte[] subnet)
    {
        _subnet = subnet;
        _addresses[IClusterNetwork.Database] = Address(DatabaseHost);
    }

    /// <inheritdoc/>
    public string? WhyNotReal => null;

    private string Hub => _names.Of("hub");

    /// <summary>Makes one without nodes.</summary>
    /// <param name="database">Where the database is, on this machine.</param>
    /// <exception cref="NetworkException">That is not possible here.</exception>
    public static async Task<NamespaceNetwork> CreateAsync(Func<IPEndPoint> database)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            throw new NetworkException("Network namespaces need Linux and root.");
        }

        await NamespaceNames.RemoveAbandonedAsync();
        for (int attempt = 1; ; attempt++)
        {
            int subnet = RandomNumberGenerator.GetInt32(Subnets);
            var network = new NamespaceNetwork([198, (byte)(18 + (subnet / 256)), (byte)(subnet % 256)]);
            try
            {
                await network.MakeAsync();
                network._database = new TcpRelay(new IPEndPoint(network.Address(DatabaseHost), 0), database);
                await network.CheckAsync(network._database.Port);
                return network;
            }
            catch (NetworkException) when (attempt < Attempts && network._database is null)
            {
                // Another run may have taken these addresses.
                await network.DisposeAsync();
            }
            catch
            {
                await network.DisposeAsync();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<NodePlace> JoinAsync(string node)
    {
        string space = _names.Of(node);
        IPAddress address = _addresses[node] = Address(++_lastHost);
        await IpProgram.RunAsync("netns", "add", space);
        await IpProgram.BatchInAsync(Hub, $"link add name {node} type veth peer name cable netns {space}", $"link set dev {node} up", $"route add {address} dev {node}");
        await IpProgram.BatchInAsync(space, "link set dev lo up", $"address add {address} dev cable", "link set dev cable up", $"route add default via {Address(HubHost)} dev cable onlink");
        return new NodePlace(address, SmpPort, address, LinkPort, new IPEndPoint(Address(DatabaseHost), _database!.Port), [IpProgram.Name, "netns", "exec", space]);
    }

    /// <inheritdoc/>
    public Task LeaveAsync(string node) => IpProgram.RunAsync("netns", "delete", _names.Of(node));

    /// <inheritdoc/>
    public Task CutAsync(string one, string other) => DropAsync((one, other), (other, one));

    /// <inheritdoc/>
    public Task CutOneWayAsync(string from, string to) => DropAsync((from, to));

    /// <inheritdoc/>
    public async Task MendAsync()
    {
        await IpProgram.BatchInAsync(Hub, _rules.Select(rule => "rule delete " + rule));
        _rules.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_database is { } relay)
        {
            await relay.DisposeAsync();
        }

        await _names.RemoveAsync();
    }

    private async Task MakeAsync()
    {
        string subnet = $"{Address(0)}/24";
        string routes = await IpProgram.RunAsync("-4", "route", "show", "root", subnet) + await IpProgram.RunAsync("-4", "route", "show", "match", subnet);
        if (routes.Split('\n').Any(route => route.Length > 0 && !route.StartsWith("default ", StringComparison.Ordinal)))
        {
            throw new NetworkException($"The machine has a route to {subnet} already.");
        }

        string device = "simplex" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        await IpProgram.BatchAsync(
            $"netns add {Hub}",
            $"link add name {device} type veth peer name cable netns {Hub}",
            $"address add {Address(MachineHost)} dev {device}",
            $"address add {Address(DatabaseHost)} dev {device}",
            $"link set dev {device} up",
            $"route add {subnet} via {Address(HubHost)} dev {device} src {Address(MachineHost)} onlink");
        await IpProgram.BatchInAsync(
            Hub,
            "link set dev lo up",
            $"address add {Address(HubHost)} dev lo",
            "link set dev cable up",
            $"route add {Address(MachineHost)} dev cable",
            $"route add {Address(DatabaseHost)} dev cable");
        await IpProgram.RunAsync("netns", "exec", Hub, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    }

    /// <summary>A machine with a firewall may keep the nodes from the database.</summary>
    private async Task CheckAsync(int port) => await IpProgram.RunAsync(
        "netns", "exec", Hub, "timeout", "10", "bash", "-c", $"exec 3<>/dev/tcp/{Address(DatabaseHost)}/{port}");

    private async Task DropAsync(params (string From, string To)[] ways)
    {
        string[] rules = [.. ways.Select(way => $"from {_addresses[way.From]} to {_addresses[way.To]} blackhole")];
        await IpProgram.BatchInAsync(Hub, rules.Select(rule => "rule add " + rule));
        _rules.AddRange(rules);
    }

    private IPAddress Address(int host) => new([.. _subnet, (byte)host]);
}
