using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp.Renewals;

/// <summary>
/// What one connection has still to tell the new owners of its queues. Used on the connection's turn only, but for
/// <see cref="Grant"/>.
/// </summary>
/// <remarks>
/// What is told is looked up when it is told. A queue with a command on its way waits for the answer: before that, nobody
/// here knows which message the client has to acknowledge. A command that the new owner decides first brings along what
/// it needs (<see cref="QueueCommand.Client.Known"/>).
/// </remarks>
internal sealed class ConnectionRenewals(SmpRouter router, SubscriptionRenewals renewals, SmpConnection connection)
{
    private readonly Queue<(EntityId EntityId, bool OfNotifier)> _pending = new(0);
    private readonly List<RenewalRound> _rounds = new(0);
    private int _granted;
    private int _isWaiting;

    /// <summary>So many may be told now; any thread.</summary>
    public void Grant(int count)
    {
        Interlocked.Add(ref _granted, count);
        Volatile.Write(ref _isWaiting, 0);
    }

    /// <summary>Takes up what the connection has in the shards of a round.</summary>
    public void Begin(RenewalRound round, IEnumerable<(EntityId EntityId, bool OfNotifier)> found)
    {
        _rounds.Add(round);
        foreach ((EntityId EntityId, bool OfNotifier) one in found)
        {
            _pending.Enqueue(one);
        }
    }

    /// <summary>An owner does not know what the connection has under this id.</summary>
    public void Add(EntityId entityId, bool ofNotifier) => _pending.Enqueue((entityId, ofNotifier));

    /// <summary>Remembers a message that will be sent.</summary>
    /// <returns>True when it has been sent already and waits for its acknowledgement.</returns>
    public bool IsRepeated(ConnectionSubscriptions subscriptions, Delivery delivery) =>
        !subscriptions.Delivered(delivery.RecipientId, delivery.Header.MessageId);

    /// <summary>Remembers what the client has to acknowledge after this answer.</summary>
    public void Note(ConnectionSubscriptions subscriptions, CommandSlot slot)
    {
        if (slot is { Response: null, Message: { } message })
        {
            subscriptions.Delivered(message.RecipientId, message.Header.MessageId);
        }
        else if (slot is { Command: AckCommand ack, Response: var answer } && !IsNoMsg(answer))
        {
            // After an error nobody here knows whether the message is still there: then it may come again. If it is not, the answer
            // that was lost may have brought the next one, which the owner delivers again when it is told what is not known here.
            bool isUnknown = answer is ErrResponse;
            subscriptions.NotDelivered(slot.EntityId, ack.MessageId, mayComeAgain: isUnknown);
            if (isUnknown)
            {
                Repeat(slot.EntityId);
            }
        }
        else if (slot is { Command: GetCommand, Response: OkResponse })
        {
            subscriptions.NotDelivered(slot.EntityId, EntityId.Empty, mayComeAgain: false);
        }
    }

    /// <summary>The owner of this queue could not decide.</summary>
    public void Repeat(EntityId recipientId) =>
        renewals.Repeat(connection, [Sharding.ShardOf(recipientId, renewals.ShardCount)]);

    /// <summary>Tells what may be told now.</summary>
    /// <param name="subscriptions">What the connection has.</param>
    /// <param name="isOver">The connection ended: nothing is told any more.</param>
    /// <param name="isAnswering">True while an answer concerning a recipient or notifier id is on its way.</param>
    public async ValueTask PumpAsync(ConnectionSubscriptions subscriptions, bool isOver, Func<EntityId, bool> isAnswering)
    {
        if (isOver)
        {
            _pending.Clear();
        }

        for (int left = _pending.Count; left > 0 && MayTell(); left--)
        {
            (EntityId EntityId, bool OfNotifier) one = _pending.Dequeue();
            if (isAnswering(one.EntityId))
            {
                _pending.Enqueue(one);
            }
            else if (CommandFor(subscriptions, one.EntityId, one.OfNotifier) is { } command)
            {
                Interlocked.Decrement(ref _granted);
                await router.Queues.TellAsync(command.RecipientId, command, CancellationToken.None);
            }
        }

        if (_pending.Count == 0)
        {
            _rounds.ForEach(round => round.CompleteOne());
            _rounds.Clear();
        }
    }

    private static bool IsNoMsg(SmpResponse? answer) => answer is ErrResponse { Error: var error } && error == SmpError.NoMsg;

    private bool MayTell()
    {
        if (Volatile.Read(ref _granted) > 0)
        {
            return true;
        }

        if (Interlocked.Exchange(ref _isWaiting, 1) == 0)
        {
            int granted = renewals.Take(connection, _pending.Count);
            if (granted > 0)
            {
                Grant(granted);
            }
        }

        return Volatile.Read(ref _granted) > 0;
    }

    private QueueCommand.Renew? CommandFor(ConnectionSubscriptions subscriptions, EntityId entityId, bool ofNotifier)
    {
        if (!ofNotifier)
        {
            return subscriptions.KnownOf(entityId) is { } known ? new QueueCommand.Renew(entityId, entityId, connection, known) : null;
        }

        return subscriptions.KnownOfNotifier(entityId) is var (recipientId, notifier)
            ? new QueueCommand.Renew(recipientId, entityId, connection, notifier)
            : null;
    }
}
