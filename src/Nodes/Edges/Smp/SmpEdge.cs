using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Nodes.Edges.Tls;
using SimplexActors.Nodes.Edges.Web;
using SimplexActors.Nodes.Hosting;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Where SMP clients come in: Kestrel listens and moves bytes, TLS is terminated in front of everything, then
/// <see cref="SmpClientHandler"/> serves the connection. Clients that name the server in TLS get Kestrel's HTTP server.
/// </summary>
internal sealed class SmpEdge : IEdge
{
    private readonly RouterConfig _config;
    private readonly PortContexts _tls;
    private readonly SmpRouter _router;
    private readonly SmpClientHandler _handler;
    private readonly ConnectionSweep _sweep;
    private readonly KestrelServer _server;
    private readonly WebApplication _web;

    /// <summary>Prepares the edge; nothing listens yet.</summary>
    /// <param name="config">Addresses, ports and bounds.</param>
    /// <param name="tls">TLS settings of the ports; disposed with the edge.</param>
    /// <param name="router">What connections share.</param>
    /// <param name="web">Answers browsers.</param>
    /// <param name="logging">Makes loggers.</param>
    public SmpEdge(RouterConfig config, PortContexts tls, SmpRouter router, WebApplication web, ILoggerFactory logging)
    {
        _config = config;
        _tls = tls;
        _web = web;
        _router = router;
        Connections = new ConnectionWatch(router.Timeouts, config.Limits.Connections);
        _handler = new SmpClientHandler(router, Connections);
        _sweep = new ConnectionSweep(Connections, router.Time, router.Logger);
        var options = new KestrelServerOptions { AddServerHeader = false };
        WebLimits.ApplyTo(options.Limits);
        var handshakes = new HandshakeQueue(Actors.Limits.HandshakesInProgress, config.Limits.TlsHandshakeTimeout, router.Time);
        foreach (IPEndPoint endPoint in EndPoints(config.Smp))
        {
            options.Listen(endPoint, port => port.UseTls(tls.Of(endPoint.Port), handshakes, _handler.ServeAsync, logging));
        }

        Listeners = new RouterListenerFactory(logging, router.Time, new AddressTable(config.Rates, router.Time));
        _server = new KestrelServer(Options.Create(options), Listeners, logging);
    }

    /// <summary>
    /// Tells the new owners of some shards what the node's connections have there. Only with <see cref="SmpRouter.Renewals"/>.
    /// </summary>
    /// <param name="shards">Whose owners changed, or whose owners may have lost what connections had.</param>
    /// <returns>Completes when everything was told, which takes as long as <see cref="Actors.Limits.RenewalsPerSecond"/> and slow peers say.</returns>
    public Task RenewAsync(IReadOnlyList<int> shards) => _router.Renewals!.RenewAsync(Connections.All, shards);

    /// <summary>
    /// Time over which clients are released. Those of a cluster go to its other nodes, which need not be hit by all of them at
    /// once; those of a router that is alone only wait for it to come back.
    /// </summary>
    public Func<TimeSpan> ReleaseOver { get; init; } = static () => TimeSpan.Zero;

    /// <summary>The connections.</summary>
    public ConnectionWatch Connections { get; }

    /// <summary>The listeners, for their statistics.</summary>
    public RouterListenerFactory Listeners { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Ports { get; private set; } = [];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _server.StartAsync(_web, cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new StartException($"smp.ports {string.Join(", ", _config.Smp.Ports)}: {e.Message}", e);
        }

        Ports = [.. _server.Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => BindingAddress.Parse(address).Port).Distinct()];
        _web.Open(Ports);
        _sweep.Start();
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellation)
    {
        // No new connections from now on; the server waits for the present ones to end.
        Task closing = _server.StopAsync(cancellation);

        await _handler.StopAsync(ReleaseOver(), cancellation);
        await closing;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        _server.Dispose();
        _handler.Dispose();
        _tls.Dispose();
    }

    private static IEnumerable<IPEndPoint> EndPoints(SmpConfig config)
    {
        IEnumerable<IPAddress> addresses = config.Bind.Count > 0 ? config.Bind : [IPAddress.IPv6Any];
        return addresses.SelectMany(address => config.Ports.Select(port => new IPEndPoint(address, port)));
    }
}
