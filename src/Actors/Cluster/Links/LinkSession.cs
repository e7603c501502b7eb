using Microsoft.Extensions.Logging;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// A session over one connection: a reader, a writer and one timer that looks whether the peer lives. It ends once, for the
/// first reason that comes; then callers that wait get false, the receiver is told, and reader and writer leave.
/// </summary>
internal sealed partial class LinkSession : ILinkSession
{
    private readonly LinkConnection _connection;
    private readonly LinkAgreement _agreement;
    private readonly LinkOptions _options;
    private readonly ILogger _logger;
    private readonly string _direction;
    private readonly Outbox _outbox;
    private readonly Inbox _inbox;
    private readonly ReceiverGate _gate;
    private readonly LinkWatch _watch;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ended;
    private volatile bool _isClosing;

    /// <summary>A session that has not started.</summary>
    public LinkSession(LinkConnection connection, LinkAgreement agreement, LinkOptions options, bool isOwn, ILogger logger)
    {
        _connection = connection;
        _agreement = agreement;
        _options = options;
        _logger = logger;
        _direction = isOwn ? "to" : "from";
        _outbox = new Outbox(agreement);
        _gate = new ReceiverGate(Fault);
        _inbox = new Inbox(options, _outbox, _gate, Fault);
        _watch = new LinkWatch(options, _outbox.Ping, _inbox.TellTaken, reason => End(reason));
    }

    /// <inheritdoc/>
    public NodeNumber Peer => _agreement.Peer;

    /// <inheritdoc/>
    public ushort Version => _agreement.Version;

    /// <inheritdoc/>
    public bool IsOpen => Volatile.Read(ref _ended) == 0;

    /// <inheritdoc/>
    public long PostedBytes => _outbox.PostedBytes;

    /// <summary>Completes when the session ended, its receiver was told and its connection is gone.</summary>
    public Task Over => _over.Task;

    /// <inheritdoc/>
    public ValueTask<bool> SendAsync(int stream, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        CheckMessage(stream, message.Length);
        return _outbox.SendAsync(stream, message, cancellation);
    }

    /// <inheritdoc/>
    public void Post(int stream, ReadOnlySpan<byte> message)
    {
        CheckMessage(stream, message.Length);
        if (!_outbox.TryPost(stream, message))
        {
            End($"the peer left more than {_agreement.PostedBytes} bytes of answers and events");
        }
    }

    /// <summary>Begins to send and receive. Called once.</summary>
    public void Start(ILinkReceiver receiver)
    {
        LinkLog.Opened(_logger, _direction, Peer, _connection.PeerName, Version);
        _gate.Open(receiver);
        _watch.Start();
        _ = RunAsync();
    }

    /// <summary>Ends a session that was not started: there is no receiver.</summary>
    public async Task AbandonAsync(string reason)
    {
        End(reason);
        await _connection.DisposeAsync();
        _over.TrySetResult();
    }

    /// <summary>Ends the session at once.</summary>
    public void End(string reason) => End(reason, drains: false);

    /// <summary>Closes in order: sends what was posted and the reason, within a bounded time. Nothing more is received.</summary>
    public async Task CloseAsync(string reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            LinkLog.Ended(_logger, _direction, Peer, reason);
            _isClosing = true;
            _watch.Stop();
            _outbox.Finish(reason);
            _gate.Close();
            await using ITimer limit = _options.Time.CreateTimer(static it => ((LinkConnection)it!).Abort(), _connection, _options.CloseTime, Timeout.InfiniteTimeSpan);
            await Over;
        }

        await Over;
    }

    private static void CheckMessage(int stream, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LinkLimits.MessageBytes);
    }

    private void End(string reason, bool drains)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        LinkLog.Ended(_logger, _direction, Peer, reason);
        _watch.Stop();
        _outbox.Abort();
        _connection.Abort();
        if (drains)
        {
            _gate.Drain();
        }
        else
        {
            _gate.Close();
        }
    }

    private void Fault(Exception cause)
    {
        LinkLog.ReceiverFault(_logger, cause);
        End("the receiver threw");
    }
}
