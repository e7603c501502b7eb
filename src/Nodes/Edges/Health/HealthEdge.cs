using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Nodes.Hosting;

namespace SimplexActors.Nodes.Edges.Health;

/// <summary>
/// Where machines ask whether this router works: plain HTTP/1.1 on a port of its own. It goes on to answer while the other edges
/// stop, so that those who watch see a router that drains and not one that is dead.
/// </summary>
internal sealed class HealthEdge : IEdge
{
    private readonly HealthConfig _config;
    private readonly HealthApplication _application;
    private readonly KestrelServer _server;
    private readonly ILogger _logger;

    /// <summary>Prepares the edge; nothing listens yet.</summary>
    /// <param name="config">Addresses and port.</param>
    /// <param name="health">Of this router.</param>
    /// <param name="logging">Makes loggers.</param>
    public HealthEdge(HealthConfig config, INodeHealth health, ILoggerFactory logging)
    {
        _config = config;
        _logger = logging.CreateLogger("Health");
        _application = new HealthApplication(health);
        var options = new KestrelServerOptions { AddServerHeader = false };
        HealthLimits.ApplyTo(options.Limits);
        IEnumerable<IPAddress> addresses = config.Bind.Count > 0 ? config.Bind : [IPAddress.IPv6Any];
        foreach (IPAddress address in addresses)
        {
            options.Listen(address, config.Port, port => port.Protocols = HttpProtocols.Http1);
        }

        var sockets = new SocketTransportOptions { CreateBoundListenSocket = endPoint => ListeningSocket.Bind((IPEndPoint)endPoint, _logger) };
        _server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(sockets), logging), logging);
    }

    /// <inheritdoc/>
    /// <remarks>None of it is for clients.</remarks>
    public IReadOnlyList<int> Ports => [];

    /// <summary>The ports that are listened on.</summary>
    public IReadOnlyList<int> HealthPorts { get; private set; } = [];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _server.StartAsync(_application, cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new StartException($"health.port {_config.Port}: {e.Message}", e);
        }

        HealthPorts = [.. _server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => BindingAddress.Parse(address).Port).Distinct()];
        HealthLog.Listening(_logger, string.Join(',', HealthPorts));
    }

    /// <inheritdoc/>
    /// <remarks>Answers go on until the edge is disposed of; those about readiness say that it drains.</remarks>
    public Task StopAsync(CancellationToken cancellation)
    {
        _application.Drain();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Nobody's answer is worth waiting for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        _server.Dispose();
    }
}
