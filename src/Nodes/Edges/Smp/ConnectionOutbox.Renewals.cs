using SimplexActors.Actors.Queues;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>What the connection does when queues get new owners, so that its client notices nothing.</summary>
internal sealed partial class ConnectionOutbox
{
    private readonly ConnectionRenewals? _renewals = router.Renewals is { } renewals ? new(router, renewals, connection) : null;
    private HashSet<Delivery>? _repeated;

    /// <summary>What the connection has with a queue's messages; any thread.</summary>
    public KnownSubscription? KnownOf(in EntityId recipientId) => _subscriptions.KnownOf(recipientId);

    /// <summary>So many subscriptions more may be renewed; any thread.</summary>
    public void GrantRenewals(int count) => _renewals!.Grant(count);

    private async ValueTask BeginRenewalAsync(RenewalRound round)
    {
        _renewals!.Begin(round, _broken ? [] : _subscriptions.Find(round.Concerns));
        if (!_broken && Service is { } service)
        {
            await service.RenewAsync(round);
        }
    }

    private async ValueTask TakeRenewedAsync(RenewedEvent item)
    {
        bool isWanted = item.Use is RenewedUse.Reading || _subscriptions.ContainsEntity(item.EntityId);
        if (isWanted && item.Failed)
        {
            _renewals!.Repeat(item.RecipientId);
        }
        else if (isWanted)
        {
            _subscriptions.Raise(item.EntityId, item.Epoch);
        }
        else if (!item.Failed)
        {
            // It ended while it was renewed.
            await router.Queues.TellAsync(
                item.RecipientId, new QueueCommand.Disconnected(connection, IsOver: false) { UpTo = item.Epoch }, CancellationToken.None);
        }
    }

    /// <summary>What a queue decided about a command is not known here yet.</summary>
    private bool IsAnswering(EntityId entityId) => _blocks.Any(block => block.Names(entityId));

    private void NoteDelivery(Delivery delivery)
    {
        if (_renewals?.IsRepeated(_subscriptions, delivery) == true)
        {
            (_repeated ??= new(ReferenceEqualityComparer.Instance)).Add(delivery);
        }
    }

    /// <summary>
    /// True for a message that the client has to acknowledge already: an owner that knew nothing of it sent it again.
    /// </summary>
    private bool IsSuperfluous(Delivery delivery)
    {
        if (_repeated?.Remove(delivery) != true)
        {
            return false;
        }

        bool mayComeAgain = _subscriptions.MayComeAgain(delivery.RecipientId);
        if (mayComeAgain)
        {
            _subscriptions.Delivered(delivery.RecipientId, delivery.Header.MessageId);
        }

        return !mayComeAgain;
    }
}
