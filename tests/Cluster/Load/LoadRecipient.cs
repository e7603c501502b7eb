using System.Threading.Channels;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Cluster.Load;

/// <summary>Receives from some queues over one connection, acknowledges, and subscribes again on the next when it breaks.</summary>
internal sealed class LoadRecipient(Seat seat, IReadOnlyList<LoadQueue> queues)
{
    /// <summary>Receives until told to end.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        SmpClient? broken = null;
        try
        {
            while (true)
            {
                SmpClient client = await seat.ConnectAsync(broken, ending);
                using var over = CancellationTokenSource.CreateLinkedTokenSource(ending);
                Task receiving = ReceiveAsync(client, over);
                Task subscribing = client.Service is null
                    ? Task.WhenAll(queues.Select(queue => SubscribeAsync(queue, () => client.SubscribeAsync(queue.Owner, CancellationToken.None).AsResult(), over.Token)))
                    : SubscribeServiceAsync(client, over.Token);
                await Task.WhenAll(subscribing, PingAsync(client, over));
                await client.DisposeAsync();
                await receiving;
                broken = client;
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Told to end between two connections.
        }

        await seat.DisposeAsync();
    }

    private async Task SubscribeServiceAsync(SmpClient client, CancellationToken over)
    {
        foreach (LoadQueue queue in queues)
        {
            client.Know(queue.Owner);
        }

        ServiceQueues stored = await SubscribeAsync(queues[0], () => client.SubscribeServiceAsync(cancellation: CancellationToken.None).AsResult(), over) ?? ServiceQueues.Unknown;
        if (stored != ServiceQueues.Unknown && stored.Count != queues.Count)
        {
            queues[0].History.Report($"SUBS: {stored.Count} queues");
        }
    }

    private async Task<T?> SubscribeAsync<T>(LoadQueue queue, Func<ValueTask<SmpResult<T>>> subscribe, CancellationToken over)
        where T : class
    {
        while (!over.IsCancellationRequested)
        {
            SmpResult<T> result = await subscribe();
            if (result.Succeeded)
            {
                return result.Value;
            }

            seat.Note($"{queue.Name}: SUB", result.Failure);
            if (!LoadSender.IsDoubt(result.Failure))
            {
                queue.History.Report($"SUB: {result.Failure}");
            }

            await Task.Delay(LoadTimes.Retry, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <summary>Ends the use of a connection that gives no sign of life, and when told to.</summary>
    private async Task PingAsync(SmpClient client, CancellationTokenSource over)
    {
        while (!over.IsCancellationRequested)
        {
            SmpResult<SmpResponse> result = await client.PingAsync().AsResult();
            if (!result.Succeeded)
            {
                seat.Note($"{queues[0].Name} and others: PING", result.Failure);
                await over.CancelAsync();
                return;
            }

            await Task.Delay(LoadTimes.Ping, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReceiveAsync(SmpClient client, CancellationTokenSource over)
    {
        Dictionary<EntityId, Inbox> inboxes = queues.ToDictionary(queue => queue.Owner.RecipientId, queue => new Inbox(queue, client, seat, over.Token));
        await using IAsyncEnumerator<SmpEvent> events = client.Events.GetAsyncEnumerator(CancellationToken.None);
        while (await NextAsync(events))
        {
            SmpEvent next = events.Current;
            switch (next)
            {
                case MessageReceived received:
                    inboxes[received.Queue.RecipientId].Take(received.Message);
                    break;
                case SubscriptionEnded { Entity: var entity }:
                    LoadQueue ended = queues.First(queue => queue.Owner.RecipientId == entity);
                    seat.Note($"{ended.Name}: END");
                    ended.History.End();
                    break;
                case ServiceEnded:
                    queues[0].History.End();
                    break;
                case ConnectionClosed or ServiceDelivered:
                    break;
                default:
                    queues[0].History.Report($"unexpected {(next is OtherEvent { Response: var response } ? response : next)}");
                    break;
            }
        }

        await over.CancelAsync();
        await Task.WhenAll(inboxes.Values.Select(inbox => inbox.EndAsync()));
        Settle([.. queues.Select(queue => queue.History.Acknowledged)]);
    }

    /// <summary>
    /// Waits for the next event. The client queues an event before it completes a command that is answered later: where no event
    /// waits, all have been reported that came before the answers which are known.
    /// </summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<SmpEvent> events)
    {
        int[] acknowledged = [.. queues.Select(queue => queue.History.Acknowledged)];
        ValueTask<bool> next = events.MoveNextAsync();
        if (!next.IsCompleted)
        {
            Settle(acknowledged);
        }

        return await next;
    }

    private void Settle(int[] acknowledged)
    {
        for (int i = 0; i < queues.Count; i++)
        {
            queues[i].History.Settle(acknowledged[i]);
        }
    }

    /// <summary>One message after another of a queue: the next comes when the one before is acknowledged.</summary>
    private sealed class Inbox
    {
        private readonly LoadQueue _queue;
        private readonly SmpClient _client;
        private readonly Seat _seat;
        private readonly CancellationToken _over;
        private readonly Channel<(int Number, EntityId Id)> _waiting = Channel.CreateUnbounded<(int, EntityId)>();
        private readonly Task _acknowledging;

        public Inbox(LoadQueue queue, SmpClient client, Seat seat, CancellationToken over)
        {
            (_queue, _client, _seat, _over) = (queue, client, seat, over);
            _acknowledging = AcknowledgeAsync();
        }

        public void Take(ReceivedMessage message)
        {
            int number = message.IsQuotaMarker ? -1 : LoadQueue.NumberOf(message);
            if (!message.IsQuotaMarker)
            {
                _queue.History.Deliver(number);
            }

            _waiting.Writer.TryWrite((number, message.Id));
        }

        public Task EndAsync()
        {
            _waiting.Writer.Complete();
            return _acknowledging;
        }

        private async Task AcknowledgeAsync()
        {
            EntityId last = EntityId.Empty;
            await foreach ((int number, EntityId id) in _waiting.Reader.ReadAllAsync())
            {
                // A message that came twice before it was acknowledged is acknowledged twice.
                bool wasInDoubt = id == last;
                last = id;
                while (!_over.IsCancellationRequested && !await TryAcknowledgeAsync(number, id, wasInDoubt))
                {
                    wasInDoubt = true;
                    await Task.Delay(LoadTimes.Retry, _over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        private async Task<bool> TryAcknowledgeAsync(int number, EntityId id, bool wasInDoubt)
        {
            SmpResult<SmpResponse> result = await _client.AcknowledgeAsync(_queue.Owner, id).AsResult();
            if (result.Succeeded)
            {
                if (number >= 0)
                {
                    _queue.History.ConfirmAcknowledgement(number);
                }

                return true;
            }

            _seat.Note($"{_queue.Name}: ACK of {number}", result.Failure);
            if (LoadSender.IsDoubt(result.Failure))
            {
                return false;
            }

            // An acknowledgement in doubt may have been carried out.
            if (!wasInDoubt || result.Error != SmpError.NoMsg)
            {
                _queue.History.Report($"ACK of {number}: {result.Failure}");
            }

            return true;
        }
    }
}
