using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Nodes.Edges.Tls;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Transport.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Tls;

/// <summary>Kestrel with our listener and TLS: the protocol behind it echoes, the web page says hello.</summary>
internal sealed class TestEdge : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly TlsContext _context;
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    private TestEdge(TestCredentials credentials, TlsCredential? web, TimeSpan handshakeTimeout, int maxHandshakes)
    {
        Credentials = credentials;
        Handshakes = new HandshakeQueue(maxHandshakes, handshakeTimeout, TimeProvider.System);
        _context = TlsContext.ForServer(new TlsServerOptions { Credential = credentials.Router.Credential, WebCredential = web });
        ILoggerFactory logging = NullLoggerFactory.Instance;
        Listeners = new RouterListenerFactory(logging, TimeProvider.System);
        var options = new KestrelServerOptions { ApplicationServices = _services };
        options.Listen(IPAddress.Loopback, 0, port => port.UseTls(_context, Handshakes, EchoAsync, logging));
        _server = new KestrelServer(Options.Create(options), Listeners, logging);
    }

    public TestCredentials Credentials { get; }

    public HandshakeQueue Handshakes { get; }

    public RouterListenerFactory Listeners { get; }

    public int Port { get; private set; }

    public PortStatistics Statistics => Assert.Single(Listeners.Statistics);

    /// <summary>The last protocol client's TLS, as the handler saw it.</summary>
    public TaskCompletionSource<TlsStream> Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<TestEdge> StartAsync(
        KeyAlgorithm algorithm = KeyAlgorithm.Ed25519, TlsCredential? web = null, TimeSpan? handshakeTimeout = null, int maxHandshakes = 100)
    {
        var edge = new TestEdge(new TestCredentials(algorithm), web, handshakeTimeout ?? TimeSpan.FromSeconds(60), maxHandshakes);
        await edge._server.StartAsync(new HelloApplication(), TestContext.Current.CancellationToken);
        edge.Port = new Uri(edge._server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return edge;
    }

    /// <summary>Completes when so many handshakes are in progress.</summary>
    public async Task HandshakesAsync(int count)
    {
        while (Handshakes.Count < count)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Completes when every accepted socket is closed.</summary>
    public async Task<SocketCounts> AllClosedAsync(long accepted)
    {
        while (Statistics.Read() is var counts)
        {
            if (counts.Accepted == accepted && counts.Closed == accepted)
            {
                return counts;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        throw new InvalidOperationException("unreachable");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(TestContext.Current.CancellationToken);
        _server.Dispose();
        _context.Dispose();
        await _services.DisposeAsync();
        Credentials.Dispose();
    }

    private async Task EchoAsync(ConnectionContext connection)
    {
        TlsStream stream = connection.Features.GetRequiredFeature<ITlsPeerFeature>().Stream;
        Served.TrySetResult(stream);
        byte[] buffer = new byte[16384];
        try
        {
            while (await stream.ReadAsync(Memory<byte>.Empty, connection.ConnectionClosed) is var _
                && await stream.ReadAsync(buffer, connection.ConnectionClosed) is > 0 and var count)
            {
                await stream.WriteAsync(buffer.AsMemory(0, count), connection.ConnectionClosed);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Hostile clients of these tests leave in every way there is; the statistics judge what follows.
        }
    }

    private sealed class HelloApplication : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public async Task ProcessRequestAsync(IFeatureCollection context) =>
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync("hello from the web"u8.ToArray());

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }
    }
}
