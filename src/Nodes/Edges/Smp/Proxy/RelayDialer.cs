using System.Net;
using System.Net.Sockets;
using SimplexActors.Actors;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>
/// Makes the TCP connections to relays: chooses the host (S-340), resolves its name once, connects only to addresses that
/// were checked (S-489), and goes through SOCKS where the operator says so. Onion hosts are never asked of DNS.
/// </summary>
internal sealed class RelayDialer(ProxyOptions options) : IDisposable
{
    private readonly SemaphoreSlim _lookups = new(Limits.RelayNameLookups);

    /// <summary>Connects to a relay.</summary>
    /// <exception cref="SocketException">It does not accept.</exception>
    /// <exception cref="IOException">The SOCKS proxy does not reach it.</exception>
    /// <exception cref="SmpException">It has no host that may be connected to.</exception>
    public async Task<Socket> DialAsync(RouterAddress relay, CancellationToken cancellation)
    {
        RouterHost host = Choose(relay);
        ushort port = relay.Port ?? SmpClientOptions.DefaultPort;
        bool isOnion = host.Kind is RouterHostKind.Onion;
        if (options.Socks is { } socks && (isOnion || options.SocksAlways))
        {
            if (IPAddress.TryParse(host.Name, out IPAddress? literal) && !MayReach(literal))
            {
                throw NoHost();
            }

            return await socks.ConnectAsync(host, port, cancellation);
        }

        return isOnion ? throw NoHost() : await ConnectAsync(await ResolveAsync(host, cancellation), port, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _lookups.Dispose();

    private static SmpException NoHost() => new(new ConnectFailed(ConnectProblem.NoHost));

    private static async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, ushort port, CancellationToken cancellation)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return await RouterSocket.ConnectAsync(new IPEndPoint(addresses[i], port), cancellation);
            }
            catch (SocketException) when (i + 1 < addresses.Count)
            {
                // The next address may be reached; the failure of the last one is reported.
            }
        }
    }

    private RouterHost Choose(RouterAddress relay)
    {
        foreach (RouterHost host in relay.Hosts)
        {
            if (host.Kind is RouterHostKind.Onion == options.PreferOnion)
            {
                return host;
            }
        }

        return options.RequirePreferred ? throw NoHost() : relay.Hosts[0];
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(RouterHost host, CancellationToken cancellation)
    {
        IPAddress[] all = IPAddress.TryParse(host.Name, out IPAddress? literal) ? [literal] : await LookUpAsync(host.Name, cancellation);
        IPAddress[] allowed = [.. all.Where(MayReach).Take(Limits.AddressesPerRelay)];
        return allowed.Length > 0 ? allowed
            : all.Length > 0 ? throw NoHost()
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Few at once: the system's resolver holds a thread for each, and names of clients' choice may be slow.</summary>
    private async Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancellation)
    {
        await _lookups.WaitAsync(cancellation);
        Task<IPAddress[]> looking = Dns.GetHostAddressesAsync(name, cancellation);
        _ = ReleaseAfterAsync(looking);
        return await looking.WaitAsync(cancellation);
    }

    private async Task ReleaseAfterAsync(Task looking)
    {
        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lookups.Release();
    }

    private bool MayReach(IPAddress address) => options.AllowPrivateTargets || TargetRules.IsPublic(address);
}
