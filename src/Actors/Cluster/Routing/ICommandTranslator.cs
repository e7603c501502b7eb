using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>
/// Lets the commands of one kind of entity travel between nodes. A command refers to things that live on one node, such as
/// the connection of a client; on another node stand-ins take their place, and what these are told travels back.
/// </summary>
/// <typeparam name="TCommand">Everything an entity can be told.</typeparam>
public interface ICommandTranslator<TCommand>
    where TCommand : class
{
    /// <summary>Writes a command; at most <see cref="RoutingLimits.MessageBytes"/>.</summary>
    void Write(ref WireWriter writer, TCommand command);

    /// <summary>Reads a command, with stand-ins for what it refers to.</summary>
    /// <param name="message">What <see cref="Write"/> wrote.</param>
    /// <param name="request">Answers the command.</param>
    /// <returns>Null when the message cannot be read.</returns>
    TCommand? Read(ReadOnlySpan<byte> message, RemoteRequest request);

    /// <summary>True when every outcome of the command is answered to whoever told it.</summary>
    bool IsAnswered(TCommand command);

    /// <summary>True when the command may be carried out twice: it is told again when nobody knows whether it was.</summary>
    bool IsRepeatable(TCommand command);

    /// <summary>The request that a command came with; null when it is this node's own or is not answered.</summary>
    RemoteRequest? RequestOf(TCommand command);

    /// <summary>The answer of another node to a command of this one.</summary>
    /// <returns>False when the answer cannot be read.</returns>
    bool TryAnswer(TCommand command, ReadOnlySpan<byte> answer, NodeNumber sender);

    /// <summary>A command of this node was not carried out, or nobody knows whether it was.</summary>
    void Refuse(in EntityId id, TCommand command);

    /// <summary>
    /// True for a command that only its connection's own node may send to the owner: when the owner changes, that node tells
    /// the new one what it has to know.
    /// </summary>
    bool IsForeign(TCommand command);

    /// <summary>True for a command that may begin a subscription.</summary>
    bool Subscribes(TCommand command);

    /// <summary>Such a command with the epoch of the subscription.</summary>
    TCommand WithEpoch(TCommand command, long epoch);

    /// <summary>Something that an entity elsewhere tells a connection of this node.</summary>
    /// <param name="connection">The connection's number.</param>
    /// <param name="message">What the stand-in was told.</param>
    /// <param name="sender">The entity's node.</param>
    /// <param name="isCurrent">Whether the sender owns the shard of an entity, as far as this node knows.</param>
    /// <returns>False when the message cannot be read.</returns>
    bool TryTellConnection(long connection, ReadOnlySpan<byte> message, NodeNumber sender, Func<EntityId, bool> isCurrent);

    /// <summary>What to tell an entity that has a stand-in of a session that ended; null for nothing, or nothing more.</summary>
    /// <param name="state">The entity's state, or what stayed in memory of it.</param>
    /// <param name="ended">The session.</param>
    TCommand? Detach(object state, ILinkSession ended);
}
