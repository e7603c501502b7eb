using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Services.Remote;

/// <summary>Lets the commands of services travel between nodes.</summary>
public sealed class ServiceTranslator : ICommandTranslator<ServiceCommand>
{
    private readonly ConnectionReferences _references;
    private readonly ServiceCommandCodec _codec;
    private readonly Action<EntityId, ServiceCommand> _tellAgain;

    /// <summary>Ready at once.</summary>
    /// <param name="map">Tells which node this is.</param>
    /// <param name="connections">The connections of this node.</param>
    /// <param name="tellAgain">Tells a service once more that a connection left it which is over; must return at once.</param>
    public ServiceTranslator(IShardMap map, LocalConnections connections, Action<EntityId, ServiceCommand> tellAgain)
    {
        _tellAgain = tellAgain;
        _references = new ConnectionReferences(map, connections);
        _codec = new ServiceCommandCodec(_references);
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer, ServiceCommand command) => ServiceCommandCodec.Write(ref writer, command);

    /// <inheritdoc/>
    public ServiceCommand? Read(ReadOnlySpan<byte> message, RemoteRequest request) => _codec.Read(message, request);

    /// <inheritdoc/>
    public bool IsAnswered(ServiceCommand command) => ReplyOf(command) is not null;

    /// <inheritdoc/>
    public bool IsRepeatable(ServiceCommand command) => command is not (ServiceCommand.Create or ServiceCommand.HolderEvent);

    /// <inheritdoc/>
    public bool IsForeign(ServiceCommand command) => command switch
    {
        ServiceCommand.Join join => join.Connection is RemoteConnection,
        ServiceCommand.Renew renew => renew.Connection is RemoteConnection,
        _ => false,
    };

    /// <inheritdoc/>
    public RemoteRequest? RequestOf(ServiceCommand command) => (ReplyOf(command) as RemoteServiceReply)?.Request;

    /// <inheritdoc/>
    public bool TryAnswer(ServiceCommand command, ReadOnlySpan<byte> answer, NodeNumber sender)
    {
        if (RemoteServiceReply.Read(answer, sender, _references) is not { } read)
        {
            return false;
        }

        ReplyOf(command)?.Answer(read);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>That a connection is over nobody else knows: it is told until an owner takes it, with the time-out of requests in between.</remarks>
    public void Refuse(in EntityId id, ServiceCommand command)
    {
        ReplyOf(command)?.Answer(ServiceAnswer.Failed);
        if (command is ServiceCommand.Leave { ReplyTo: null })
        {
            _tellAgain(id, command);
        }
    }

    /// <inheritdoc/>
    public bool Subscribes(ServiceCommand command) => command is ServiceCommand.Joining;

    /// <inheritdoc/>
    public ServiceCommand WithEpoch(ServiceCommand command, long epoch) =>
        command is ServiceCommand.Joining joining ? joining with { Epoch = epoch } : command;

    /// <inheritdoc/>
    public bool TryTellConnection(long connection, ReadOnlySpan<byte> message, NodeNumber sender, Func<EntityId, bool> isCurrent)
    {
        if (_references.Find(connection) is { } here)
        {
            return ConnectionEvents.TryTell(message, here, sender, _references);
        }

        // Whoever had the service has told it that it left; what it was mailed meanwhile is found with the next SUBS.
        return true;
    }

    /// <inheritdoc/>
    public ServiceCommand? Detach(object state, ILinkSession ended)
    {
        ServiceMembers? members = state as ServiceMembers ?? (state as ServiceState)?.Members;
        IServiceSubscriber? gone = members?.Connections.Select(member => member.Connection).FirstOrDefault(
            connection => connection is RemoteConnection remote && ReferenceEquals(remote.Session, ended));
        return gone is null ? null : new ServiceCommand.Leave(gone, ReplyTo: null);
    }

    private static IServiceReply? ReplyOf(ServiceCommand command) => command switch
    {
        ServiceCommand.Create create => create.ReplyTo,
        ServiceCommand.Use use => use.ReplyTo,
        ServiceCommand.Join join => join.ReplyTo,
        ServiceCommand.Subscribe subscribe => subscribe.ReplyTo,
        ServiceCommand.Leave leave => leave.ReplyTo,
        ServiceCommand.Renew renew => renew.ReplyTo,
        _ => null,
    };
}
