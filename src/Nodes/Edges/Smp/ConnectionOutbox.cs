using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Statistics;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// What a connection has to send, and to whom it has to say that it is gone. Used only on the connection's turn.
/// Order: messages first, so that a client that sends to a queue of its own has the message before its <c>OK</c> (S-268);
/// but a message follows the answers of a block that names its queue, so that <c>SOK</c> comes before the first message
/// (S-332). Then answers of blocks in the order they came in, then events and notifications.
/// </summary>
internal sealed partial class ConnectionOutbox(SmpRouter router, SmpSession session, ConnectionTransport transport, SmpConnection connection)
{
    private readonly Queue<CommandBlock> _blocks = new(0);
    private readonly Queue<CommandSlot> _forked = new(0);
    private readonly Queue<EntityEvent> _events = new(0);
    private readonly Queue<NotificationEvent> _notifications = new(0);
    private readonly Dictionary<EntityId, StoredNotificationsEvent> _stored = new(0);
    private readonly Queue<Delivery> _deliveries = new(0);
    private readonly ConnectionSubscriptions _subscriptions = new();
    private ServiceConnection? _service;
    private readonly BodyReader _bodies = new(router, transport, connection);
    private int _bodiesHeld;
    private int _answered;
    private bool _receivingEnded;
    private bool _broken;

    /// <summary>True while any queue knows the connection.</summary>
    public bool HasSubscriptions => !_subscriptions.IsEmpty;

    /// <summary>What queues know the connection for; from any thread, and a moment old.</summary>
    public (int Queues, int Notifiers, int Readers) Subscriptions => _subscriptions.Counts;

    /// <summary>Blocks, events and messages that wait; from any thread, and a moment old.</summary>
    public (int Blocks, int Events, int Messages) Waiting =>
        (_blocks.Count, _events.Count + _forked.Count, _deliveries.Count + _notifications.Count);

    /// <summary>True when the next block to send has been answered whole.</summary>
    public bool HasAnswered => _blocks.TryPeek(out CommandBlock? block) && block.IsAnswered;

    /// <summary>Nothing can be sent any more.</summary>
    public void Break() => _broken = true;

    /// <summary>
    /// Counts the blocks that are answered whole, before the mailbox is emptied: what queues sent ahead of these
    /// answers is then in it, and goes out first (S-268).
    /// </summary>
    public void CountAnswered()
    {
        _answered = 0;
        foreach (CommandBlock block in _blocks)
        {
            if (!block.IsAnswered)
            {
                return;
            }

            _answered++;
        }
    }

    /// <summary>Takes one event of the mailbox.</summary>
    public async ValueTask TakeAsync(ConnectionEvent item)
    {
        switch (item)
        {
            case CommandBlock block:
                _blocks.Enqueue(block);
                break;
            case DeliveryEvent { Delivery: var delivery }:
                TakeDelivery(delivery);
                break;
            case NotificationEvent notification:
                await TakeNotificationAsync(notification);
                break;
            case StoredNotificationsEvent lost when Service is { IsMember: false } service:
                service.PassOn(new NotifierMailEvent(lost.RecipientId, lost.NotifierId));
                break;
            case StoredNotificationsEvent stored:
                _stored[stored.NotifierId] = stored;
                break;
            case ForkAnsweredEvent { Slot: var slot }:
                _forked.Enqueue(slot);
                break;
            case EntityEvent entityEvent:
                TakeEntityEvent(entityEvent);
                break;
            case SubscribedEvent subscribed:
                _subscriptions.Add(subscribed.RecipientId, subscribed.EntityId, subscribed.Epoch, byClient: true);
                await (_broken ? LeaveQueuesAsync() : Service?.SubscribedAsync() ?? ValueTask.CompletedTask);
                break;
            case RememberedEvent remembered:
                _subscriptions.Remember(remembered.RecipientId);
                await (_broken ? LeaveQueuesAsync() : ValueTask.CompletedTask);
                break;
            case RenewEvent renew:
                await BeginRenewalAsync(renew.Round);
                break;
            case RenewedEvent renewed:
                await TakeRenewedAsync(renewed);
                break;
            case ServiceEvent serviceEvent:
                await TakeServiceEventAsync(serviceEvent);
                break;
            case ReceivingEndedEvent ended:
                _receivingEnded = true;
                _broken |= !ended.AnswerFirst;
                break;
            default:
                throw new InvalidOperationException($"No such event: {item.GetType().Name}.");
        }
    }

    /// <summary>Sends everything that is ready.</summary>
    public async ValueTask SendAsync()
    {
        if (_broken)
        {
            await DiscardAsync();
            return;
        }

        if (!HasSomethingToSend())
        {
            return;
        }

        using var batch = new OutgoingBatch(session, transport, router.Logger);
        while (_deliveries.TryDequeue(out Delivery? delivery))
        {
            _bodiesHeld -= delivery.Body?.Length ?? 0;
            await SendDeliveryAsync(batch, delivery);
        }

        await SendBlocksAsync(batch);
        while (_forked.TryDequeue(out CommandSlot? slot))
        {
            await SendAnswerAsync(batch, slot);
        }

        int ends = await SendEventsAsync(batch);
        int notifications = await SendNotificationsAsync(batch);

        // Before they leave, so that who has them finds them counted.
        EdgeCounts.AddEnds(router.Statistics, ends);
        EdgeCounts.AddNotifications(router.Statistics, notifications);
        await batch.FlushAsync();
    }

    /// <summary>True when the connection is over; its queues have then been told.</summary>
    public async ValueTask<bool> HasEndedAsync()
    {
        if (!_receivingEnded || (!_broken && _blocks.Count > 0))
        {
            return false;
        }

        _broken = true;
        await DiscardAsync();
        if (Service is { } service)
        {
            await service.LeaveAsync();
        }

        await LeaveQueuesAsync();
        return true;
    }

    /// <summary>Goes on with renewals, and looks for more to send for the connection's service; true when another turn is due.</summary>
    public async ValueTask<bool> PumpAsync()
    {
        if (_renewals is not null)
        {
            await _renewals.PumpAsync(_subscriptions, _broken, IsAnswering);
        }

        return !_broken && Service is { } service && await service.PumpAsync();
    }

    private ServiceConnection? Service => session.Service is null
        ? null
        : _service ??= new ServiceConnection(router, session.Service, connection, _subscriptions, _renewals, _events);

    private async ValueTask TakeServiceEventAsync(ServiceEvent item)
    {
        if (item is ServiceEndedEvent)
        {
            // What was not sent waits in the store for the connection that has the service.
            _stored.Clear();
            await GiveBackNotificationsAsync();
        }

        await Service!.TakeAsync(item, _broken);
    }

    private async ValueTask LeaveQueuesAsync()
    {
        foreach (EntityId recipientId in _subscriptions.TakeAll())
        {
            await router.Queues.TellAsync(recipientId, new QueueCommand.Disconnected(connection), CancellationToken.None);
        }
    }

    private bool HasSomethingToSend() =>
        _answered > 0
        || _forked.Count + _events.Count + _notifications.Count + _stored.Count + _deliveries.Count > 0;

    private void TakeDelivery(Delivery delivery)
    {
        delivery = Lighten(delivery);
        NoteDelivery(delivery);
        CommandBlock? after = null;
        foreach (CommandBlock block in _blocks)
        {
            after = block.Names(delivery.RecipientId) ? block : after;
        }

        if (after is null)
        {
            _deliveries.Enqueue(delivery);
        }
        else
        {
            (after.Messages ??= []).Add(delivery);
        }
    }

    /// <summary>Keeps bodies in memory only up to a budget; others are read again when their turn comes.</summary>
    private Delivery Lighten(Delivery delivery)
    {
        int length = delivery.Body?.Length ?? 0;
        if (_bodiesHeld + length > Limits.BodyBytesHeldPerConnection)
        {
            return delivery with { Body = null };
        }

        _bodiesHeld += length;
        return delivery;
    }

    /// <summary>A notification that finds no room waits in the store until the peer has read the others.</summary>
    private async ValueTask TakeNotificationAsync(NotificationEvent item)
    {
        bool isGone = _broken || Service is { IsMember: false };
        if (!isGone && _notifications.Count < Limits.NotificationsPerConnection)
        {
            _notifications.Enqueue(item);
            return;
        }

        if (!isGone)
        {
            _stored[item.NotifierId] = new StoredNotificationsEvent(item.RecipientId, item.NotifierId);
        }

        await GiveBackAsync(item, isGone);
    }

    private ValueTask GiveBackAsync(NotificationEvent item, bool isGone) =>
        router.Queues.TellAsync(
            item.RecipientId,
            new QueueCommand.StoreNotification(item.NotifierId, item.Notification, isGone ? connection : null),
            CancellationToken.None);

    private async ValueTask GiveBackNotificationsAsync()
    {
        while (_notifications.TryDequeue(out NotificationEvent? item))
        {
            await GiveBackAsync(item, isGone: true);
        }
    }

    private void TakeEntityEvent(EntityEvent item)
    {
        // What the connection has lost already it is not told again. The holder of a service hears of queues that nobody
        // is attached to.
        if (item.Keep || _subscriptions.Remove(item.EntityId, item.Epoch) || session.Service is not null)
        {
            _events.Enqueue(item);
        }
    }

    private async ValueTask SendBlocksAsync(OutgoingBatch batch)
    {
        for (; _answered > 0; _answered--)
        {
            CommandBlock block = _blocks.Peek();
            foreach (CommandSlot slot in block.Slots)
            {
                if (!slot.IsForked)
                {
                    await SendAnswerAsync(batch, slot);
                }
            }

            _blocks.Dequeue();
            connection.BlockDone();
            foreach (Delivery delivery in block.Messages ?? [])
            {
                _bodiesHeld -= delivery.Body?.Length ?? 0;
                await SendDeliveryAsync(batch, delivery);
            }
        }
    }

    private async ValueTask SendAnswerAsync(OutgoingBatch batch, CommandSlot slot)
    {
        if (slot.Message is { } message)
        {
            ReadOnlyMemory<byte>? body = await _bodies.ReadAsync(message);
            if (body is { } found)
            {
                _renewals?.Note(_subscriptions, slot);
                await batch.AddMessageAsync(slot.CorrelationId, message, found);
                return;
            }

            slot.Response = OkResponse.Instance;
        }
        else if (slot.Link is var (linkId, senderId))
        {
            slot.Response = await ReadLinkAsync(linkId, senderId);
        }

        _renewals?.Note(_subscriptions, slot);
        if (slot is { Command: DelCommand or NdelCommand or NkeyCommand, Response: not ErrResponse })
        {
            // Who ends its own subscription gets no event for it (S-244).
            _subscriptions.Forget(slot.EntityId, queueToo: slot.Command is DelCommand);
        }

        if (slot.Forwarded is { } forwarded)
        {
            await batch.AddForwardedAsync(forwarded, slot.CorrelationId, slot.EntityId, slot.Response!);
        }
        else
        {
            await batch.AddAsync(slot.CorrelationId, slot.EntityId, slot.Response!);
        }
    }

    private async ValueTask<SmpResponse> ReadLinkAsync(EntityId linkId, EntityId senderId)
    {
        try
        {
            LinkData? data = await router.Store.ReadLinkAsync(linkId, CancellationToken.None);
            return data is null ? new ErrResponse(SmpError.Auth) : new LnkResponse(senderId, data);
        }
        catch (StoreUnavailableException)
        {
            return new ErrResponse(StoreError.Unavailable);
        }
    }

    /// <summary>Returns how many told the end of a subscription.</summary>
    private async ValueTask<int> SendEventsAsync(OutgoingBatch batch)
    {
        int ends = 0;
        while (_events.TryDequeue(out EntityEvent? item))
        {
            await batch.AddAsync(EntityId.Empty, item.EntityId, item.Response);
            ends += EdgeCounts.IsEnd(item.Response) ? 1 : 0;
            if (item.Response is EndsResponse && session.Service is { } service)
            {
                EdgeCounts.Add(router.Statistics, Counter.RcvServicesSubEnd, service);
            }
        }

        return ends;
    }

    /// <summary>Returns how many were sent.</summary>
    private async ValueTask<int> SendNotificationsAsync(OutgoingBatch batch)
    {
        int sent = 0;
        while (true)
        {
            while (_notifications.TryPeek(out NotificationEvent? item))
            {
                await batch.AddAsync(
                    EntityId.Empty,
                    item.NotifierId,
                    new NmsgResponse(item.Notification.Nonce.ToArray(), item.Notification.EncryptedMeta));
                _notifications.Dequeue();
                sent++;
            }

            if (_stored.Count == 0)
            {
                return sent;
            }

            StoredNotificationsEvent waiting = _stored.First().Value;
            _stored.Remove(waiting.NotifierId);
            await FetchStoredAsync(waiting);
        }
    }

    /// <summary>Takes over the notifications that waited in the store; a store that cannot be read now keeps them.</summary>
    private async ValueTask FetchStoredAsync(StoredNotificationsEvent waiting)
    {
        try
        {
            foreach (StoredNotification notification in await router.Store.ReadNotificationsAsync(waiting.NotifierId, CancellationToken.None))
            {
                _notifications.Enqueue(new NotificationEvent(waiting.RecipientId, waiting.NotifierId, notification));
            }
        }
        catch (StoreUnavailableException cause)
        {
            SmpEdgeLog.NotificationsNotRead(router.Logger, cause);
            return;
        }

        await router.Queues.TellAsync(
            waiting.RecipientId, new QueueCommand.NotificationsDelivered(waiting.NotifierId), CancellationToken.None);
    }

    private async ValueTask SendDeliveryAsync(OutgoingBatch batch, Delivery delivery)
    {
        // After END the queue has another subscriber, who gets the message.
        if (!IsSuperfluous(delivery)
            && _subscriptions.Contains(delivery.RecipientId)
            && await _bodies.ReadAsync(delivery) is { } body)
        {
            await batch.AddMessageAsync(EntityId.Empty, delivery, body);
        }
    }

    /// <summary>What cannot be sent: notifications go back to their queues, everything else is still stored there.</summary>
    private async ValueTask DiscardAsync()
    {
        while (_blocks.TryDequeue(out CommandBlock? block))
        {
            foreach (CommandSlot slot in block.Slots)
            {
                slot.Forwarded?.Dispose();
            }

            connection.BlockDone();
        }

        _forked.Clear();
        _events.Clear();
        _stored.Clear();
        _deliveries.Clear();
        await GiveBackNotificationsAsync();
    }
}
