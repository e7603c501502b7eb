using System.Collections.Immutable;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Actors.Queues.Remote;

/// <summary>Lets the commands of queues travel between nodes.</summary>
public sealed class QueueTranslator : ICommandTranslator<QueueCommand>
{
    private readonly QueueKind _kind;
    private readonly IEffectPerformer<QueueEffect> _performer;
    private readonly Action<EntityId, QueueCommand> _tellGone;
    private readonly ConnectionReferences _references;
    private readonly QueueCommandReader _reader;

    /// <summary>Ready at once.</summary>
    /// <param name="kind">Answers what is refused.</param>
    /// <param name="map">Tells which node this is.</param>
    /// <param name="connections">The connections of this node.</param>
    /// <param name="performer">Performs the refusals.</param>
    /// <param name="tellGone">Tells a queue that it still has a connection of this node which ended.</param>
    public QueueTranslator(
        QueueKind kind,
        IShardMap map,
        LocalConnections connections,
        IEffectPerformer<QueueEffect> performer,
        Action<EntityId, QueueCommand> tellGone)
    {
        (_kind, _performer, _tellGone) = (kind, performer, tellGone);
        _references = new ConnectionReferences(map, connections);
        _reader = new QueueCommandReader(_references);
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer, QueueCommand command) => QueueCommandWriter.Write(ref writer, command);

    /// <inheritdoc/>
    public QueueCommand? Read(ReadOnlySpan<byte> message, RemoteRequest request) => _reader.Read(message, request);

    /// <inheritdoc/>
    public bool IsAnswered(QueueCommand command) =>
        command is QueueCommand.Client or QueueCommand.Create or QueueCommand.GetKeys or QueueCommand.Operator;

    /// <inheritdoc/>
    public bool IsRepeatable(QueueCommand command) => command switch
    {
        QueueCommand.Client { Command: SubCommand or NsubCommand or QueCommand or LgetCommand } => true,
        QueueCommand.Client or QueueCommand.Create or QueueCommand.Operator or QueueCommand.NotificationsDelivered => false,
        _ => true,
    };

    /// <inheritdoc/>
    public bool IsForeign(QueueCommand command) => command switch
    {
        QueueCommand.Renew renew => renew.Subscriber is RemoteConnection,
        QueueCommand.AttachService attach => attach.Connection is RemoteConnection,
        QueueCommand.AttachNotifier attach => attach.Connection is RemoteConnection,
        _ => false,
    };

    /// <inheritdoc/>
    public RemoteRequest? RequestOf(QueueCommand command) => command switch
    {
        QueueCommand.Client client => (client.ReplyTo.Target as RemoteReply)?.Request,
        QueueCommand.Create create => (create.ReplyTo.Target as RemoteReply)?.Request,
        QueueCommand.GetKeys get => (get.ReplyTo as RemoteReply)?.Request,
        QueueCommand.Operator told => (told.ReplyTo as RemoteReply)?.Request,
        _ => null,
    };

    /// <inheritdoc/>
    public bool TryAnswer(QueueCommand command, ReadOnlySpan<byte> answer, NodeNumber sender) => QueueAnswerReader.TryAnswer(command, answer);

    /// <inheritdoc/>
    public void Refuse(in EntityId id, QueueCommand command)
    {
        ImmutableArray<QueueEffect> effects = _kind.Refuse(id, command, Refusal.StoreFailed);
        _kind.Decided(command, effects);
        foreach (QueueEffect effect in effects)
        {
            _performer.Perform(id, effect);
        }
    }

    /// <inheritdoc/>
    public bool Subscribes(QueueCommand command) => command switch
    {
        QueueCommand.Client client => client.Command is SubCommand or NsubCommand,
        QueueCommand.Create create => create.Subscriber is not null,
        _ => command is QueueCommand.Subscribing,
    };

    /// <inheritdoc/>
    public QueueCommand WithEpoch(QueueCommand command, long epoch) =>
        command is QueueCommand.Subscribing subscribing ? subscribing with { Epoch = epoch } : command;

    /// <inheritdoc/>
    public bool TryTellConnection(long connection, ReadOnlySpan<byte> message, NodeNumber sender, Func<EntityId, bool> isCurrent)
    {
        EntityId? queue = ConnectionEvents.QueueOf(message);
        if (queue is { } moved && !isCurrent(moved))
        {
            // A former owner: the connection renews what it has with the next one.
            return true;
        }

        if (_references.Find(connection) is { } here)
        {
            return ConnectionEvents.TryTell(message, here, sender, _references);
        }

        if (queue is { } id)
        {
            _tellGone(id, new QueueCommand.Disconnected(_references.Gone(connection)));
        }

        return true;
    }

    /// <inheritdoc/>
    public QueueCommand? Detach(object state, ILinkSession ended)
    {
        QueueConnections? uses = state as QueueConnections ?? (state as QueueState)?.Connections;
        bool isUsed = uses is not null
            && (Is(uses.Subscriber, ended) || Is(uses.NotifierSubscriber, ended) || uses.Getters.Any(getter => Is(getter.Subscriber, ended)));
        return isUsed ? new QueueCommand.Disconnected(new EndedConnections(ended)) : null;
    }

    private static bool Is(ISubscriber? subscriber, ILinkSession ended) =>
        subscriber is RemoteConnection remote && ReferenceEquals(remote.Session, ended);
}
