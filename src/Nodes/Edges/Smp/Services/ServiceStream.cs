using System.Collections.Immutable;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Edges.Smp.Services;

/// <summary>
/// Goes over everything that is stored for a service after <c>SUBS</c> or <c>NSUBS</c> (S-316, S-319), page by page: the
/// connection attaches to the queues of a page, and the next page is read when it has sent nearly all that the queues
/// answered. So a service with a million queues costs a connection no more memory than a page, and other clients of
/// the router notice nothing (S-499). Used on the connection's turn only.
/// </summary>
/// <param name="store">Names the queues.</param>
/// <param name="serviceId">The service.</param>
/// <param name="ofNotifiers">Notifiers instead of queues.</param>
/// <param name="tell">Tells a queue a command; completes when the queue's shard has taken it.</param>
/// <param name="connection">Holds the service.</param>
/// <param name="previous">Connections that lost the service to this one.</param>
internal sealed class ServiceStream(
    IServiceStore store,
    EntityId serviceId,
    bool ofNotifiers,
    Func<EntityId, QueueCommand, ValueTask> tell,
    IServiceSubscriber connection,
    ImmutableArray<ISubscriber> previous)
{
    private EntityId? _next = EntityId.Empty;

    /// <summary>Queues that were told to attach and did not answer.</summary>
    public int Pending { get; private set; }

    /// <summary>True when there is no further page and every queue answered.</summary>
    public bool IsComplete => _next is null && Pending == 0;

    /// <summary>True when few enough queues are pending to read a page.</summary>
    public bool IsReady => _next is not null && Pending <= Limits.ServiceQueuesInFlight - Limits.ServiceQueuesPerPage;

    /// <summary>Goes only over queues of these shards, because their owners changed; null after <c>SUBS</c>.</summary>
    public RenewalRound? Renewal { get; init; }

    /// <summary>True for the recipient or notifier ids that need not be told.</summary>
    public Func<EntityId, bool> Skips { get; init; } = _ => false;

    /// <summary>A queue could not answer.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>A queue answered, after the message that it had.</summary>
    public void Answered(bool failed)
    {
        Pending--;
        HasFailed |= failed;
    }

    /// <summary>Attaches to the queues of the next page.</summary>
    /// <exception cref="StoreUnavailableException">The page cannot be read.</exception>
    public async ValueTask AttachPageAsync()
    {
        if (ofNotifiers)
        {
            (IReadOnlyList<ServiceNotifier> notifiers, _next) =
                await store.FindNotifiersAsync(serviceId, _next!.Value, Limits.ServiceQueuesPerPage, CancellationToken.None);
            foreach (ServiceNotifier notifier in notifiers.Where(notifier => IsWanted(notifier.RecipientId) && !Skips(notifier.NotifierId)))
            {
                Pending++;
                await tell(notifier.RecipientId, new QueueCommand.AttachNotifier(notifier.NotifierId, connection, previous, Answer: true));
            }
        }
        else
        {
            (IReadOnlyList<EntityId> queues, _next) =
                await store.FindQueuesAsync(serviceId, _next!.Value, Limits.ServiceQueuesPerPage, CancellationToken.None);
            foreach (EntityId queue in queues.Where(queue => IsWanted(queue) && !Skips(queue)))
            {
                Pending++;
                await tell(queue, new QueueCommand.AttachService(queue, connection, previous, Answer: true) { IsRenewal = Renewal is not null });
            }
        }
    }

    private bool IsWanted(EntityId recipientId) => Renewal?.Concerns(recipientId) ?? true;
}
