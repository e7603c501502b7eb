using System.Runtime.CompilerServices;
using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client;

/// <summary>
/// A connection to an SMP router. Commands may be called from any thread and need not wait for each other: those that
/// are called together share blocks. What the router says on its own comes from <see cref="Events"/>, in order.
///
/// <para>A command that is cancelled or times out may have taken effect; the connection goes on, and its late answer is
/// dropped. When the connection ends, all commands that wait fail with one <see cref="ConnectionLost"/>, and so do later
/// ones: connect again and subscribe again.</para>
///
/// <para>Commands of one entity are carried out in the order of the calls. Between different entities - sender and recipient
/// id of one queue are two - a router promises no order to commands that do not wait for each other (S-330).</para>
/// </summary>
public sealed partial class SmpClient : IAsyncDisposable
{
    private const int LooksPerTimeout = 4;

    private readonly SmpConnection _connection;
    private readonly SmpClientOptions _options;
    private readonly RouterAddress _router;
    private readonly CommandEncoder _encoder;
    private readonly CorrelationIds _ids = new();
    private readonly PendingCommands _pending = new();
    private readonly Subscriptions _subscriptions = new();
    private readonly EventQueue _events;
    private readonly Outbox _outbox;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _overdue;
    private readonly long _responseTicks;
    private readonly Task _running;

    internal SmpClient(SmpConnection connection, RouterAddress router, SmpClientOptions options)
    {
        _connection = connection;
        _router = router;
        _options = options;
        _events = new EventQueue(options.EventCapacity, _pending);
        _encoder = new CommandEncoder(connection);
        _outbox = new Outbox(connection);
        _responseTicks = TicksOf(options.ResponseTimeout);
        TimeSpan look = options.ResponseTimeout / LooksPerTimeout;
        _overdue = options.Time.CreateTimer(static client => ((SmpClient)client!).FailOverdue(), this, look, look);
        _running = RunAsync();
    }

    /// <summary>Agreed protocol version.</summary>
    public ushort Version => _connection.Version;

    /// <summary>The session's id, from TLS (S-097).</summary>
    public EntityId SessionId => _connection.SessionId;

    /// <summary>The versions that the router offered.</summary>
    public VersionRange RouterVersions => _connection.RouterVersions;

    /// <summary>Connects to a router and agrees on a version.</summary>
    /// <param name="router">Whom to connect to; its hosts are tried in order.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="SmpException">With a <see cref="ConnectFailed"/>: the router cannot be reached, or is not the one that the address names.</exception>
    public static async Task<SmpClient> ConnectAsync(
        RouterAddress router, SmpClientOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new SmpClientOptions();
        SmpConnection connection = await SmpConnection.ConnectAsync(router, options, cancellation);
        return new SmpClient(connection, router, options);
    }

    /// <summary>
    /// What the router says on its own, up to and including <see cref="ConnectionClosed"/>. For one reader: each event
    /// is given once. Somebody must read it on connections that subscribe (see <see cref="SmpClientOptions.EventCapacity"/>).
    /// </summary>
    public IAsyncEnumerable<SmpEvent> Events => ReadEventsAsync(CancellationToken.None);

    /// <summary>Sends any command; the methods of this class are made of this one.</summary>
    /// <param name="command">What to ask.</param>
    /// <param name="entity">About what; may be empty.</param>
    /// <param name="key">Authorises the command; null for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public SmpCall<SmpResponse> ExecuteAsync(
        SmpCommand command, EntityId entity, PrivateKey? key = null, CancellationToken cancellation = default) =>
        new(StartAsync(new CommandToSend(command, entity, key), cancellation));

    /// <summary><c>PING</c>: asks for a sign of life.</summary>
    public SmpCall<SmpResponse> PingAsync(CancellationToken cancellation = default) =>
        ExecuteAsync(PingCommand.Instance, EntityId.Empty, key: null, cancellation);

    /// <summary>Closes the connection; commands that wait fail.</summary>
    public async ValueTask DisposeAsync()
    {
        End(new ConnectionLost(ConnectionEnd.Closed), fault: null);
        await _running;
        await _connection.DisposeAsync();
        await _overdue.DisposeAsync();
        _stopping.Dispose();
    }

    private ValueTask<SmpResult<SmpResponse>> StartAsync(in CommandToSend command, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<SmpResult<SmpResponse>>(cancellation);
        }

        EntityId id = command.CorrelationId ?? _ids.Next();
        if (_encoder.Encode(command, id, out Outgoing outgoing) is { } problem)
        {
            return new(problem);
        }

        long deadline = _options.Time.GetTimestamp() + (command.Timeout is { } limit ? TicksOf(limit) : _responseTicks);
        if (!_pending.TryAdd(id, command, deadline, out PendingCommand? pending, out SmpFailure? failure))
        {
            outgoing.GiveBack();
            return new(failure);
        }

        _events.Resume();
        if (!_outbox.TryAdd(outgoing))
        {
            return StartWhenThereIsRoomAsync(pending, outgoing, cancellation);
        }

        pending.CancelWith(cancellation);
        return pending.Answer;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SmpResult<SmpResponse>> StartWhenThereIsRoomAsync(
        PendingCommand pending, Outgoing outgoing, CancellationToken cancellation)
    {
        pending.CancelWith(cancellation);
        bool isAdded = false;
        try
        {
            isAdded = await _outbox.AddAsync(outgoing, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The same token has completed the command, which the await below reports.
        }

        if (!isAdded)
        {
            outgoing.GiveBack();
        }

        return await pending.Answer;
    }

    private async IAsyncEnumerable<SmpEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await _events.WaitAsync(cancellation))
        {
            while (_events.TryTake(out SmpEvent? taken))
            {
                yield return taken is EncryptedMessage message ? message.Open() : taken;
            }
        }
    }

    private long TicksOf(TimeSpan limit) => (long)(limit.TotalSeconds * _options.Time.TimestampFrequency);

    private void FailOverdue() => _pending.FailOverdue(_options.Time.GetTimestamp());

    private async Task RunAsync()
    {
        var inbox = new Inbox(_connection, _pending, _subscriptions, _events);
        await Task.WhenAll(WatchAsync(inbox.RunAsync(_stopping.Token)), WatchAsync(_outbox.RunAsync(_stopping.Token)));
    }

    /// <summary>Whichever half ends first ends the connection and says why.</summary>
    private async Task WatchAsync(Task half)
    {
        try
        {
            await half;
            End(new ConnectionLost(ConnectionEnd.ClosedByRouter), fault: null);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            End(new ConnectionLost(ConnectionEnd.Closed), fault: null);
        }
        catch (InvalidDataException violation)
        {
            End(new ConnectionLost(ConnectionEnd.ProtocolViolation), violation);
        }
        catch (Exception fault)
        {
            // Whatever it was, commands must not wait for ever; the application finds the fault in the last event.
            End(new ConnectionLost(ConnectionEnd.Broken), fault);
        }
    }

    private void End(ConnectionLost failure, Exception? fault)
    {
        if (!_pending.End(failure))
        {
            return;
        }

        _outbox.End();
        _events.End(new ConnectionClosed(failure, fault));
        _stopping.Cancel();
    }
}
