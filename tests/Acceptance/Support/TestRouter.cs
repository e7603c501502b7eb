using System.Globalization;
using System.Net.Sockets;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>The real program on a folder, and clients of it.</summary>
public sealed class TestRouter : IAsyncDisposable
{
    private TestRouter(RouterProgram program, RouterAddress address) => (Program, Address) = (program, address);

    /// <summary>The process.</summary>
    public RouterProgram Program { get; }

    /// <summary>As it printed it.</summary>
    public RouterAddress Address { get; }

    /// <summary>Starts it; <paramref name="settings"/> are keys of the configuration such as <c>queues.message_quota=4</c>.</summary>
    public static async Task<TestRouter> StartAsync(string folder, params string[] settings)
    {
        string[] options = [.. settings.SelectMany(setting => new[] { "--set", setting })];
        var (program, address) = await RouterProgram.StartDevAsync(folder, options);
        return new TestRouter(program, address);
    }

    /// <summary>Starts it on a port, where it can come back.</summary>
    public static async Task<TestRouter> StartAtAsync(string folder, int port)
    {
        var (program, address) = await RouterProgram.StartDevAsync(folder, "--smp-port", port.ToString(CultureInfo.InvariantCulture));
        return new TestRouter(program, address);
    }

    /// <summary>Stops it with a signal, as an operator does.</summary>
    public async Task StopAsync(int signal)
    {
        Program.Signal(signal);
        Assert.Equal(0, await Program.ExitAsync());
    }

    /// <summary>A client that speaks at most <paramref name="version"/>.</summary>
    public async Task<Peer> ConnectAsync(int version = SmpVersion.Current) =>
        new(await SmpClient.ConnectAsync(Address, Options(version), TestContext.Current.CancellationToken));

    /// <summary>A connection as a proxy, whose bytes the test decides.</summary>
    public async Task<Wire> ConnectProxyAsync(int version = SmpVersion.Current) =>
        new(await SmpConnection.ConnectAsync(
            Address, Options(version) with { ProxyServer = true }, TestContext.Current.CancellationToken));

    /// <summary>A connection whose bytes the test decides.</summary>
    public async Task<Wire> ConnectWireAsync(int version = SmpVersion.Current, bool sendSessionKey = true) =>
        new(await SmpConnection.ConnectAsync(
            Address, Options(version) with { SendSessionKey = sendSessionKey }, TestContext.Current.CancellationToken));

    /// <summary>A connection after TLS, before the router's hello was read.</summary>
    public async Task<TlsStream> ConnectTlsAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Address.Hosts[0].Name, Address.Port!.Value, cancellation);
        using var context = TlsContext.ForClient(new TlsClientOptions());
        return await TlsStream.ConnectAsync(context, new NetworkStream(socket, ownsSocket: true), Address.Fingerprint.ToArray(), cancellation);
    }

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    private static SmpClientOptions Options(int version) => new() { MaxVersion = (ushort)version };
}
