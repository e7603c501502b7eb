using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp.Services;

/// <summary>
/// The part of a connection that serves its client service (section 20). A queue of a service has nobody attached until
/// it has something to deliver: it then mails the holder of the service, who attaches and is its subscriber from then on.
/// Used on the connection's turn only.
/// </summary>
/// <remarks>
/// Mail is never lost: what this connection cannot take any more, because it ended or lost the service, it passes on to
/// whoever holds the service by then; and when nobody does, the next <c>SUBS</c> finds it in the store.
/// </remarks>
internal sealed class ServiceConnection(
    SmpRouter router,
    ServiceSession service,
    SmpConnection connection,
    ConnectionSubscriptions subscriptions,
    ConnectionRenewals? renewals,
    Queue<EntityEvent> events)
{
    private readonly List<ServiceEvent> _undelivered = [];
    private ServiceStream? _stream;
    private Queue<RenewalRound>? _toStream;
    private long _epoch;
    private bool _isMember;
    private bool _isSubscribed;
    private bool _leavesLater;
    private bool _hasLeft;

    /// <summary>True while the connection belongs to its service.</summary>
    public bool IsMember => _isMember;

    /// <summary>Takes an event.</summary>
    /// <param name="item">The event.</param>
    /// <param name="broken">Nothing can be sent any more.</param>
    public async ValueTask TakeAsync(ServiceEvent item, bool broken)
    {
        switch (item)
        {
            case JoinedEvent joined:
                (_isMember, _isSubscribed, _epoch) = (true, joined.Subscribed, joined.Epoch);
                break;
            case ServiceEndedEvent ended:
                await LoseAsync(ended.Counters);
                break;
            case StreamEvent start when _isSubscribed:
                _stream = new ServiceStream(router.Services.Store, service.ServiceId, OfNotifiers, TellAsync, connection, start.Previous);
                break;
            case ServiceRenewedEvent { Failed: true } renewed when _isMember:
                router.Renewals!.Repeat(connection, renewed.Round.Shards);
                break;
            case ServiceRenewedEvent renewed:
                StreamAgain(renewed.Round);
                break;
            case MailEvent or NotifierMailEvent:
                await TakeMailAsync(item, broken);
                break;
            case AttachedEvent attached:
                await TakeAttachedAsync(attached, broken);
                break;
            case AttachAnsweredEvent answered:
                TakeAnswer(answered);
                break;
            case TakenEvent taken:
                await TakeLossAsync(taken.EntityId);
                break;
        }
    }

    /// <summary>
    /// Owners of shards changed. The service's new owner is told that the connection belongs to it; and what queues wanted
    /// to mail while nobody knew the holder is found in the store, as after <c>SUBS</c>, without telling the client.
    /// </summary>
    public async ValueTask RenewAsync(RenewalRound round)
    {
        if (_leavesLater && !connection.IsServiceMember && round.Concerns(service.ServiceId))
        {
            await LeaveAndGoOnAsync();
        }
        else if (_isMember && round.Concerns(service.ServiceId))
        {
            await router.Services.TellAsync(
                service.ServiceId, new ServiceCommand.Renew(connection, _isSubscribed, _epoch, new ServiceRenewalReply(connection, round)));
        }
        else
        {
            StreamAgain(round);
        }
    }

    /// <summary>The client subscribed to a queue by its name; it may have lost the service since it sent the command.</summary>
    public ValueTask SubscribedAsync()
    {
        _leavesLater = false;
        return _isMember ? ValueTask.CompletedTask : router.Services.TellAsync(service.ServiceId, new ServiceCommand.Join(connection, ReplyTo: null));
    }

    /// <summary>Goes on with what is stored for the service, when what was found so far has been sent.</summary>
    /// <returns>True when there is something to send or more to find, so that another turn is due.</returns>
    public async ValueTask<bool> PumpAsync()
    {
        if ((_stream ??= NextRenewal()) is not { } stream)
        {
            return false;
        }

        if (stream.IsReady)
        {
            try
            {
                await stream.AttachPageAsync();
            }
            catch (StoreUnavailableException cause)
            {
                SmpEdgeLog.ServiceQueuesNotRead(router.Logger, cause);
                await FailStreamAsync(stream);
                return true;
            }
        }

        if (!stream.IsComplete)
        {
            return stream.IsReady;
        }

        _stream = null;
        if (stream is { Renewal: { } renewal, HasFailed: true })
        {
            router.Renewals!.Repeat(connection, renewal.Shards);
        }
        else if (stream.Renewal is null && !OfNotifiers)
        {
            events.Enqueue(new EntityEvent(EntityId.Empty, AllsResponse.Instance, keep: true));
        }

        return true;
    }

    /// <summary>The connection is over: another one holds the service, before the queues look for it.</summary>
    public async ValueTask LeaveAsync()
    {
        if (_hasLeft)
        {
            return;
        }

        if (!await LeaveServiceAsync())
        {
            // Nobody waits for it any more.
            await router.Services.TellAsync(service.ServiceId, new ServiceCommand.Leave(connection, ReplyTo: null));
        }

        _hasLeft = true;
        foreach (ServiceEvent mail in _undelivered)
        {
            PassOn(mail);
        }

        _undelivered.Clear();
    }

    /// <summary>Somebody else holds the service now, or nobody: then <c>SUBS</c> finds what waits.</summary>
    public void PassOn(ServiceEvent mail)
    {
        if (router.Services.HolderOf(service.ServiceId) is not { } holder || holder.IsSameAs(connection))
        {
            return;
        }

        if (mail is MailEvent message)
        {
            holder.Mail(message.RecipientId, message.Lost);
        }
        else if (mail is NotifierMailEvent notifier)
        {
            holder.NotifierMail(notifier.RecipientId, notifier.NotifierId);
        }
    }

    private void StreamAgain(RenewalRound round)
    {
        if (_isSubscribed)
        {
            (_toStream ??= []).Enqueue(round);
        }
    }

    private ServiceStream? NextRenewal()
    {
        if (_toStream is null || !_isSubscribed || !_toStream.TryDequeue(out RenewalRound? next))
        {
            return null;
        }

        return new ServiceStream(router.Services.Store, service.ServiceId, OfNotifiers, TellAsync, connection, [])
        {
            Renewal = next,
            Skips = id => subscriptions.ContainsEntity(id),
        };
    }

    private bool OfNotifiers => service.Role is ServiceRole.Notifier;

    private ValueTask TellAsync(EntityId recipientId, QueueCommand command) => router.Queues.TellAsync(recipientId, command, CancellationToken.None);

    /// <returns>False when the service does not know it yet.</returns>
    private async ValueTask<bool> LeaveServiceAsync()
    {
        connection.ForgetService();
        (_isMember, _isSubscribed, _stream, _toStream) = (false, false, null, null);
        ServiceAnswer answer = await router.Services.AskAsync(service.ServiceId, reply => new ServiceCommand.Leave(connection, reply));
        return answer.Outcome is not ServiceOutcome.Failed;
    }

    /// <summary>The connection goes on without the service, which is told once more after a while when it could not be.</summary>
    private async ValueTask LeaveAndGoOnAsync()
    {
        _leavesLater = !await LeaveServiceAsync();
        if (_leavesLater)
        {
            renewals?.Repeat(service.ServiceId);
        }
    }

    /// <summary>All queues go to the connection that took over (S-313); those with messages it attaches itself.</summary>
    private async ValueTask LoseAsync(ServiceQueues? counters)
    {
        (_isMember, _isSubscribed, _stream, _toStream) = (false, false, null, null);
        EndAll(counters ?? subscriptions.CountAttached(OfNotifiers));
        foreach (EntityId recipientId in subscriptions.TakeSubscriptions())
        {
            await TellAsync(recipientId, new QueueCommand.Disconnected(connection, IsOver: false));
        }
    }

    /// <summary>One queue goes to another connection of the service (S-483); with the last one this one has none of it.</summary>
    private async ValueTask TakeLossAsync(EntityId entityId)
    {
        if (!subscriptions.ContainsEntity(entityId))
        {
            return;
        }

        ServiceQueues had = subscriptions.CountAttached(OfNotifiers);
        subscriptions.Remove(entityId);
        if (_isSubscribed || had.Count > 1)
        {
            events.Enqueue(new EntityEvent(entityId, EndResponse.Instance, keep: false));
            return;
        }

        EndAll(had);
        await LeaveAndGoOnAsync();
    }

    private void EndAll(ServiceQueues counters) =>
        events.Enqueue(new EntityEvent(service.ServiceId, new EndsResponse(counters), keep: true));

    private async ValueTask TakeMailAsync(ServiceEvent mail, bool broken)
    {
        if (broken && !_hasLeft)
        {
            _undelivered.Add(mail);
        }
        else if (!_isMember || broken)
        {
            PassOn(mail);
        }
        else if (renewals is not null && AttachedTo(mail) is { } attached)
        {
            // An owner that does not know it yet.
            renewals.Add(attached, OfNotifiers);
        }
        else if (mail is MailEvent { RecipientId: var recipientId, Lost: var lost })
        {
            await TellAsync(recipientId, new QueueCommand.AttachService(recipientId, connection, lost is null ? [] : [lost], Answer: false));
        }
        else if (mail is NotifierMailEvent notifier)
        {
            await TellAsync(notifier.RecipientId, new QueueCommand.AttachNotifier(notifier.NotifierId, connection, [], Answer: false));
        }
    }

    private EntityId? AttachedTo(ServiceEvent mail) => mail switch
    {
        MailEvent { Lost: null, RecipientId: var id } when subscriptions.ContainsEntity(id) => id,
        NotifierMailEvent { NotifierId: var id } when subscriptions.ContainsEntity(id) => id,
        _ => null,
    };

    /// <summary>A queue that attached after the service was lost goes back to it.</summary>
    private async ValueTask TakeAttachedAsync(AttachedEvent attached, bool broken)
    {
        if (_isMember && !broken)
        {
            subscriptions.Add(attached.RecipientId, attached.EntityId, attached.Epoch, byClient: false);
        }
        else
        {
            await TellAsync(attached.RecipientId, new QueueCommand.Disconnected(connection, IsOver: false));
        }
    }

    private void TakeAnswer(AttachAnsweredEvent answered)
    {
        _stream?.Answered(answered.Failed);
        if (answered.Failed && _stream is { Renewal: null } && !OfNotifiers)
        {
            events.Enqueue(new EntityEvent(answered.EntityId, new ErrResponse(StoreError.Unavailable), keep: true));
        }
    }

    /// <summary>The client is told that not everything came, and may use <c>SUBS</c> again (S-316, S-482).</summary>
    private async ValueTask FailStreamAsync(ServiceStream stream)
    {
        if (stream.Renewal is { } renewal)
        {
            _stream = null;
            router.Renewals!.Repeat(connection, renewal.Shards);
            return;
        }

        (_stream, _isSubscribed) = (null, false);
        if (!OfNotifiers)
        {
            events.Enqueue(new EntityEvent(EntityId.Empty, new ErrResponse(StoreError.Unavailable), keep: true));
        }

        await router.Services.TellAsync(service.ServiceId, new ServiceCommand.Unsubscribe(connection));
    }
}
