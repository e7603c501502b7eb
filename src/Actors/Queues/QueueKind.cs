using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues.Decisions;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Queues;

/// <summary>
/// The queue as an entity. Every decision is a pure function in <c>Decisions/</c>, one file per command;
/// this class leads each command to its function.
/// </summary>
public sealed class QueueKind(QueueOptions options) : IEntityKind<QueueState, StoredQueue, QueueCommand, QueueChange, QueueEffect>
{
    /// <inheritdoc/>
    public QueueCommand Recovery => QueueCommand.Recover.Instance;

    /// <inheritdoc/>
    public QueueDecision Decide(in EntityId id, QueueState? state, QueueCommand command, DateTimeOffset now) =>
        Association.Complete(state, command, DecideAlone(state, command, now));

    /// <inheritdoc/>
    public bool CreatesEntity(QueueCommand command) => command is QueueCommand.Create;

    /// <inheritdoc/>
    public QueueState? Activate(in EntityId id, StoredQueue? row, object? residue) =>
        row is null ? null : new QueueState(row.Record, [.. row.Messages], residue as QueueConnections ?? QueueConnections.None);

    /// <inheritdoc/>
    public object? Residue(QueueState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Connections.IsNone ? null : state.Connections;
    }

    /// <inheritdoc/>
    public bool TryDecideResidue(in EntityId id, object? residue, QueueCommand command, out object? rest, out ImmutableArray<QueueEffect> effects)
    {
        effects = [];
        if (command is not QueueCommand.Disconnected disconnected)
        {
            rest = residue;
            return false;
        }

        var before = residue as QueueConnections;
        QueueConnections? connections = before?.Without(disconnected);
        rest = connections is { IsNone: false } ? connections : null;
        if (before is { Delivered: not null, Subscriber.ServiceId: { } service } && connections!.Subscriber is null)
        {
            // What was delivered to a connection of the service and not acknowledged is still stored.
            effects = [new QueueEffect.ServiceMail(service, id)];
        }

        return true;
    }

    /// <inheritdoc/>
    public ImmutableArray<QueueEffect> Refuse(in EntityId id, QueueCommand command, Refusal refusal) => command switch
    {
        QueueCommand.Client client => [new QueueEffect.Reply(client.ReplyTo, Answers.Of(refusal))],
        QueueCommand.Create create => [new QueueEffect.Reply(create.ReplyTo, Answers.Of(refusal))],
        QueueCommand.GetKeys get => [new QueueEffect.ReplyKeysFailed(get.ReplyTo)],
        QueueCommand.AttachService { Answer: true } attach => [new QueueEffect.AttachAnswered(attach.Connection, attach.RecipientId, Failed: true)],
        QueueCommand.AttachNotifier { Answer: true } attach => [new QueueEffect.AttachAnswered(attach.Connection, attach.NotifierId, Failed: true)],
        QueueCommand.Operator told => [new QueueEffect.ReplyOperatorFailed(told.ReplyTo)],
        QueueCommand.Renew renew => [new QueueEffect.Renewed(renew.Subscriber, renew.Known.Use, renew.RecipientId, renew.EntityId, renew.Known.Epoch, Failed: true)],
        _ => [],
    };

    /// <inheritdoc/>
    public void Decided(QueueCommand command, ImmutableArray<QueueEffect> effects)
    {
        ReplyTo? answered = command switch
        {
            QueueCommand.Client client => client.ReplyTo,
            QueueCommand.Create create => create.ReplyTo,
            _ => null,
        };
        if (answered is not { } replyTo)
        {
            return;
        }

        if (effects is [QueueEffect.ReplyStale])
        {
            replyTo.Target.Stale(replyTo.Slot);
        }
        else
        {
            replyTo.Target.Decided(replyTo.Slot);
        }
    }

    private QueueDecision DecideAlone(QueueState? state, QueueCommand command, DateTimeOffset now) => command switch
    {
        QueueCommand.Client client => Client.Decide(state, client, now, options),
        QueueCommand.GetKeys get => GetKeys.Decide(state, get),
        QueueCommand.Create create => Create.Decide(state, create, now),
        QueueCommand.Operator told => Operator.Decide(state, told, now),
        QueueCommand.AttachService attach => Attach.Decide(state, attach, now),
        QueueCommand.AttachNotifier attach => Attach.Decide(state, attach),
        QueueCommand.Renew renew => Renew.Decide(state, renew, now),
        _ when state is null => Outcome.Nothing(null),
        QueueCommand.Disconnected disconnected => Disconnected.Decide(state, disconnected),
        QueueCommand.BodyUnavailable unavailable => BodyUnavailable.Decide(state, unavailable, now),
        QueueCommand.StoreNotification store => Notifications.Decide(state, store),
        QueueCommand.NotificationsDelivered delivered => Notifications.Decide(state, delivered),
        QueueCommand.Expire expire => Expire.Decide(state, expire),
        QueueCommand.Collect collect => Collect.Decide(state, collect),
        QueueCommand.Recover => Delivering.Again(state, now),
        _ => throw new InvalidOperationException($"A queue cannot be told {command.GetType().Name}."),
    };
}
