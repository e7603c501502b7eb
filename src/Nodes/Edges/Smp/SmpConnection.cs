using SimplexActors.Actors;
using SimplexActors.Actors.Queues;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Smp.Proxy;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// One client connection as an actor: everything that queues and the receiving side tell it goes to its mailbox, and
/// one turn at a time empties the mailbox and sends what can be sent. An idle connection has no turn, no buffer and no
/// timer; it only waits for the first byte of the next block.
/// </summary>
/// <remarks>
/// Bounds: blocks are taken while at most <c>Limits.BlocksInFlightPerConnection</c> are unanswered; a queue has at most one
/// unacknowledged message for a connection; notifications that do not fit go back to their queue. So what waits here is
/// bounded by what the client subscribed to, whatever its peer reads.
/// </remarks>
internal sealed partial class SmpConnection : ISubscriber, IRenewing, ITurnTaker, IThreadPoolWorkItem, IDisposable
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAndWoken = 2;

    private readonly ConnectionOutbox _outbox;
    private readonly BlockReceiver _receiver;
    private readonly ConnectionTransport _transport;
    private readonly SmpRouter _router;
    private readonly SmpSession _session;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _room = new(Limits.BlocksInFlightPerConnection);
    private ForkedCommands? _forks;
    private ClientRelays? _relays;
    private Mailbox _mailbox;
    private int _turn = Idle;

    /// <summary>A connection after its handshake.</summary>
    /// <param name="router">What all connections share.</param>
    /// <param name="session">What the handshake agreed on.</param>
    /// <param name="transport">Moves its blocks.</param>
    /// <param name="address">Limits its address; null when nothing does.</param>
    public SmpConnection(SmpRouter router, SmpSession session, ConnectionTransport transport, AddressUse? address)
    {
        _router = router;
        _session = session;
        _transport = transport;
        ServiceId = session.Service?.ServiceId;
        Number = router.Connections?.Add(this) ?? 0;
        _outbox = new ConnectionOutbox(router, session, transport, this);
        _receiver = new BlockReceiver(router, session, transport, this, address);
    }

    /// <summary>True while any queue or service knows the connection; such a connection is never inactive (S-335).</summary>
    public bool HasSubscriptions => _outbox.HasSubscriptions || IsServiceMember;

    /// <summary>What the operator may know of the connection, which goes on meanwhile.</summary>
    /// <param name="id">Its number on this node.</param>
    public ConnectionFacts Facts(long id)
    {
        (int queues, int notifiers, int readers) = _outbox.Subscriptions;
        (int blocks, int events, int messages) = _outbox.Waiting;
        return new ConnectionFacts(
            id, _session.Format.SessionId.ToArray(), !_transport.IsClosed, _transport.Age, _transport.SinceReceived, _transport.SinceSent)
        {
            Queues = queues,
            Notifiers = notifiers,
            Readers = readers,
            WaitingBlocks = blocks,
            WaitingEvents = events,
            WaitingMessages = messages,
        };
    }

    /// <summary>Serves the connection until either side ends it.</summary>
    /// <param name="stopping">The node stops: blocks already received are answered, then the connection ends.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        bool stopped = false;
        try
        {
            stopped = await _receiver.RunAsync(stopping);
        }
        finally
        {
            // Whatever ended the receiving, the queues must learn that the connection is gone.
            if (!stopped)
            {
                _transport.MarkClosed();
            }

            _forks?.Dispose();
            Post(new ReceivingEndedEvent(answerFirst: stopped));
            await _ended.Task;
        }
    }

    /// <summary>The receiving side took a block; its answers are sent in the order of these calls.</summary>
    public void Received(CommandBlock block) => Post(block);

    /// <summary>Waits while too many blocks are not answered; their answers would have no room.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellation) => _room.WaitAsync(cancellation);

    /// <summary>One received block was answered, or will never be.</summary>
    public void BlockDone() => _room.Release();

    /// <summary>What the connection has with a queue, for an owner that was not told yet; null while queues do not move.</summary>
    public KnownSubscription? KnownOf(in EntityId recipientId) => _router.Renewals is null ? null : _outbox.KnownOf(recipientId);

    /// <inheritdoc/>
    public void Renew(RenewalRound round) => Post(new RenewEvent(round));

    /// <inheritdoc/>
    public void GrantRenewals(int count)
    {
        _outbox.GrantRenewals(count);
        Wake();
    }

    /// <summary>The commands that wait for other machines.</summary>
    public ForkedCommands Forks => _forks ?? Interlocked.CompareExchange(ref _forks, new ForkedCommands(this, _router), null) ?? _forks;

    /// <summary>The relays that the client was given sessions with.</summary>
    public ClientRelays Relays => _relays ?? Interlocked.CompareExchange(ref _relays, new ClientRelays(), null) ?? _relays;

    /// <summary>A forked command has its answer; any thread.</summary>
    public void Answer(CommandSlot slot) => Post(new ForkAnsweredEvent(slot));

    /// <inheritdoc/>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _turn, RunningAndWoken) == Idle)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <inheritdoc/>
    public long Number { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _router.Connections?.Remove(Number);
        _room.Dispose();
    }

    void ISubscriber.Deliver(Delivery delivery)
    {
        if (NextHolder is { } holder)
        {
            holder.Mail(delivery.RecipientId, this);
        }
        else
        {
            Post(new DeliveryEvent(delivery));
        }
    }

    void ISubscriber.Notify(EntityId recipientId, EntityId notifierId, StoredNotification notification) =>
        Post(new NotificationEvent(recipientId, notifierId, notification));

    void ISubscriber.NotifyStored(EntityId recipientId, EntityId notifierId) => Post(new StoredNotificationsEvent(recipientId, notifierId));

    void ISubscriber.Event(EntityId entityId, SmpResponse response, bool keep, long epoch)
    {
        if (NextHolder is { } holder)
        {
            holder.Event(entityId, response, keep, long.MaxValue);
        }
        else
        {
            Post(new EntityEvent(entityId, response, keep, epoch));
        }
    }

    void ISubscriber.Subscribed(EntityId recipientId, EntityId entityId, long epoch) => Post(new SubscribedEvent(recipientId, entityId, epoch));

    void ISubscriber.Renewed(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed) =>
        Post(new RenewedEvent(use, recipientId, entityId, epoch, failed));

    void ISubscriber.Remembered(EntityId recipientId) => Post(new RememberedEvent(recipientId));

    void IThreadPoolWorkItem.Execute() => _ = TakeTurnsAsync();

    private void Post(ConnectionEvent item)
    {
        _mailbox.Add(item);
        Wake();
    }

    private async Task TakeTurnsAsync()
    {
        do
        {
            Interlocked.Exchange(ref _turn, Running);
            try
            {
                await TakeTurnAsync();
            }
            catch (Exception fault)
            {
                // The connection's own fault boundary: whatever it is ends this connection and nothing else.
                if (!ConnectionTransport.IsPeerFault(fault))
                {
                    SmpEdgeLog.ConnectionFault(_router.Logger, fault);
                }

                _transport.Abort();
                _outbox.Break();
                Interlocked.Exchange(ref _turn, RunningAndWoken);
            }
        }
        while (Interlocked.CompareExchange(ref _turn, Idle, Running) != Running);
    }

    private async ValueTask TakeTurnAsync()
    {
        do
        {
            _outbox.CountAnswered();
            for (ConnectionEvent? item = _mailbox.TakeAll(); item is not null;)
            {
                ConnectionEvent? next = item.Next;
                item.Next = null;
                await _outbox.TakeAsync(item);
                item = next;
            }

            await _outbox.SendAsync();
            if (await _outbox.PumpAsync())
            {
                Wake();
            }
        }
        while (_outbox.HasAnswered);

        if (await _outbox.HasEndedAsync())
        {
            _ended.TrySetResult();
        }
    }
}
