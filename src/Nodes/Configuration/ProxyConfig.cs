using System.Collections.Frozen;
using System.Net;
using SimplexActors.Client;
using SimplexActors.Nodes.Edges.Smp.Proxy;
using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Nodes.Configuration;

/// <summary>Forwarding of clients' commands to other routers (S-337 to S-341).</summary>
/// <param name="Enabled">Whether anything is forwarded for clients.</param>
/// <param name="Options">How.</param>
/// <param name="OwnServerDomains">Domains whose routers are counted apart.</param>
internal sealed record ProxyConfig(bool Enabled, ProxyOptions Options, IReadOnlyList<string> OwnServerDomains)
{
    private static readonly FrozenDictionary<string, bool> SocksModes = Choices("onion", "always");
    private static readonly FrozenDictionary<string, bool> HostModes = Choices("public", "onion");

    internal static ProxyConfig Read(ConfigReader reader)
    {
        var config = new ProxyConfig(
            reader.Switch("proxy.enabled", true),
            new ProxyOptions
            {
                AllowPrivateTargets = reader.Switch("proxy.allow_private_targets", false),
                Socks = reader.Secret("proxy.socks_proxy", ParseSocks),
                SocksAlways = reader.Choice("proxy.socks_mode", otherwise: false, SocksModes),
                PreferOnion = reader.Choice("proxy.host_mode", otherwise: false, HostModes),
                RequirePreferred = reader.Switch("proxy.required_host_mode", false),
                ClientConcurrency = reader.Integer("proxy.client_concurrency", 32, 1, 1000),
                ConnectTimeout = reader.Duration("proxy.connect_timeout", TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
                ResponseTimeout = reader.Duration("proxy.response_timeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
                IdleTime = reader.Duration("proxy.idle_time", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
                FailureTime = reader.Duration("proxy.failure_time", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            },
            reader.List("proxy.own_server_domains", [], ValueParsers.Host));
        if (config.Options is { Socks: null } and ({ SocksAlways: true } or { PreferOnion: true }))
        {
            reader.Report("proxy.socks_proxy must be set when proxy.socks_mode is always or proxy.host_mode is onion");
        }

        return config;
    }

    // Read as a secret: it may hold a password.
    private static Parsed<SocksProxy> ParseSocks(string text)
    {
        const string allowed = "HOST:PORT or USER:PASSWORD@HOST:PORT";
        int at = text.LastIndexOf('@');
        int colon = text.LastIndexOf(':');
        string[] user = at < 0 ? [] : text[..at].Split(':', 2);
        if (colon <= at || user.Length == 1 || user.Any(part => System.Text.Encoding.UTF8.GetByteCount(part) is 0 or > byte.MaxValue)
            || !RouterHost.TryParse(text.AsSpan(at + 1, colon - at - 1), out RouterHost? host)
            || !ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out ushort port) || port == 0)
        {
            return Parsed<SocksProxy>.Not(allowed);
        }

        EndPoint address = IPAddress.TryParse(host.Name, out IPAddress? ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host.Name, port);
        return Parsed<SocksProxy>.Of(user is [var name, var password] ? new SocksProxy(address, name, password) : new SocksProxy(address));
    }

    private static FrozenDictionary<string, bool> Choices(string no, string yes) =>
        new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase) { [no] = false, [yes] = true }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
