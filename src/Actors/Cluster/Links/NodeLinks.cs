using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// The links of a node with all others: a session to every node that it asks something, dialled by this node, and one from
/// every node that asks it, dialled by the other. First the port is opened, since other nodes learn it when this one joins
/// the cluster; joining gives the number with which the links start.
/// </summary>
public sealed class NodeLinks : INodeLinks, IAsyncDisposable
{
    private readonly LinkOptions _options;
    private readonly INodeAddresses _addresses;
    private readonly ILogger<NodeLinks> _logger;
    private readonly RefusalLog _refusals;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<NodeNumber, Lazy<PeerDialer>> _dialers = new();
    private readonly ConcurrentDictionary<Task, bool> _dialling = new();
    private Socket? _socket;
    private LinkListener? _listener;
    private LinkOpener? _opener;
    private CertificateWatch? _certificate;
    private readonly CancellationToken _stopped;
    private int _disposed;

    /// <summary>Links that are not open yet.</summary>
    public NodeLinks(LinkOptions options, INodeAddresses addresses, ILogger<NodeLinks> logger)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.Cluster.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Cluster.Length, LinkLimits.ClusterNameBytes);
        _options = options;
        _addresses = addresses;
        _logger = logger;
        _refusals = new RefusalLog(logger);
        _stopped = _stop.Token;
    }

    /// <summary>Opens the port; connections wait until <see cref="Start"/>.</summary>
    /// <returns>The address with the port that the system chose, if it did.</returns>
    /// <exception cref="SocketException">The port cannot be opened.</exception>
    public IPEndPoint Bind()
    {
        _socket = LinkListener.Bind(_options.Bind);
        return (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Begins to take sessions, and to dial when asked.</summary>
    /// <param name="self">This node; when it joins again its number is another.</param>
    /// <param name="handler">Is told of every session.</param>
    public void Start(Func<NodeNumber> self, ILinkHandler handler)
    {
        Socket socket = _socket ?? throw new InvalidOperationException("The port is not open.");
        _opener = new LinkOpener(_options, self, handler, _logger);
        _listener = new LinkListener(socket, _opener, _options, _refusals, _logger);
        LinkLog.Listening(_logger, socket.LocalEndPoint!);
        _listener.Start();
        _certificate = new CertificateWatch(_options.Credentials, _options.Time, _logger);
    }

    /// <inheritdoc/>
    public ILinkSession? To(NodeNumber node)
    {
        if (_dialers.TryGetValue(node, out Lazy<PeerDialer>? known))
        {
            return known.Value.Session;
        }

        if (_opener is not null && !_stopped.IsCancellationRequested && _addresses.AddressOf(node) is not null)
        {
            _ = _dialers.GetOrAdd(node, static (added, links) => new Lazy<PeerDialer>(() => links.Dial(added)), this).Value;
        }

        return null;
    }

    /// <summary>Ends the sessions that this node dialled and dials again: it has another number now.</summary>
    public async Task RedialAsync()
    {
        foreach (Lazy<PeerDialer> dialer in _dialers.Values)
        {
            await dialer.Value.EndAsync();
        }
    }

    /// <summary>Closes the port and all sessions, after what was posted was sent or a bounded time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        _certificate?.Dispose();
        Task listener = _listener?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await Task.WhenAll([listener, .. _dialling.Keys]);
        _socket?.Dispose();
        _stop.Dispose();
    }

    private PeerDialer Dial(NodeNumber node)
    {
        var dialer = new PeerDialer(node, _addresses, _opener!, _options, _refusals, _logger);
        Task task = DialAsync(node, dialer);
        _dialling[task] = true;
        _ = task.ContinueWith(static (done, running) => ((ConcurrentDictionary<Task, bool>)running!).TryRemove(done, out _), _dialling, TaskScheduler.Default);
        return dialer;
    }

    private async Task DialAsync(NodeNumber node, PeerDialer dialer)
    {
        try
        {
            await dialer.RunAsync(_stopped);
        }
        catch (Exception e)
        {
            LinkLog.DialFault(_logger, e, node);
        }
        finally
        {
            // Should the node become a member again, the next question dials it again.
            _dialers.TryRemove(node, out _);
        }
    }
}
