using System.Net;
using SimplexActors.Acceptance.Support;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>Commands to a proxy, one by one.</summary>
internal static class ProxyClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Reached, but the connection failed or could not be made.</summary>
    public static SmpError Network { get; } = new ProxyBrokerError(new BrokerNetworkError(NetworkErrorKind.Failed));

    /// <summary>No host that may be reached.</summary>
    public static SmpError NoHost { get; } = new ProxyBrokerError(BrokerError.Host);

    /// <summary>Something above TLS.</summary>
    public static SmpError Transport(TransportError error) => new ProxyBrokerError(new BrokerTransportError(error));

    /// <summary>An address that is like another but for its host.</summary>
    public static RouterAddress At(this RouterAddress address, params string[] hosts) =>
        address with { Hosts = [.. hosts.Select(name => RouterHost.TryParse(name, out RouterHost? host) ? host : throw new ArgumentException(name))] };

    /// <summary>A relay that is nowhere: only the host and the port matter.</summary>
    public static RouterAddress Nowhere(EndPoint endPoint) =>
        RouterAddress.Parse("smp://" + new string('A', 43) + "=@127.0.0.1:" + ((IPEndPoint)endPoint).Port);

    /// <summary><c>PRXY</c>, to be sent.</summary>
    public static byte[] Prxy(this Wire wire, RouterAddress relay, string? password = null) =>
        wire.Command(new PrxyCommand(relay.Hosts, relay.Port, relay.Fingerprint, password), EntityId.Empty);

    /// <summary><c>PFWD</c> of nothing, to be sent.</summary>
    public static byte[] Pfwd(this Wire wire, EntityId session, EntityId? correlation = null)
    {
        using var key = PrivateKey.Generate(KeyAlgorithm.X25519);
        return wire.Command(new PfwdCommand(20, key.Public, new byte[16242]), session, correlation: correlation);
    }

    /// <summary>The answer to <c>PRXY</c>.</summary>
    public static async Task<SmpResponse> OpenAsync(this Wire wire, RouterAddress relay, string? password = null) =>
        Assert.Single(await wire.AskAsync(wire.Prxy(relay, password))).Response;

    /// <summary>The session with a relay that can be reached.</summary>
    public static async Task<PkeyResponse> PkeyAsync(this Wire wire, RouterAddress relay) =>
        Assert.IsType<PkeyResponse>(await wire.OpenAsync(relay));

    /// <summary>The error of a relay that cannot.</summary>
    public static async Task<SmpError> OpenErrorAsync(this Wire wire, RouterAddress relay, string? password = null) =>
        Assert.IsType<ErrResponse>(await wire.OpenAsync(relay, password)).Error;

    /// <summary>The error of a <c>PFWD</c>; null when it was answered.</summary>
    public static async Task<SmpError?> ForwardErrorAsync(this Wire wire, EntityId session) =>
        Assert.Single(await wire.AskAsync(wire.Pfwd(session))).Error;

    /// <summary>Asks again until the relay is reached.</summary>
    public static async Task<PkeyResponse> ReachAsync(this Wire wire, RouterAddress relay)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            if (await wire.OpenAsync(relay) is PkeyResponse key)
            {
                return key;
            }

            await pace.WaitForNextTickAsync(patience.Token);
        }
    }
}
