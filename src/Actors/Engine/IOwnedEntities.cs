using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>The entities of one kind that run on this node, because it owns their shards.</summary>
/// <typeparam name="TCommand">Everything an entity can be told.</typeparam>
public interface IOwnedEntities<TCommand> : IShardHost
    where TCommand : class
{
    /// <summary>Tells an entity something; waits while there is no room.</summary>
    /// <returns>False when its shard is not open here: nothing will happen.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; the command was not taken.</exception>
    ValueTask<bool> TellHereAsync(EntityId id, TCommand command, CancellationToken cancellation);

    /// <summary>
    /// Shows everything that is in memory to <paramref name="choose"/>, each shard within a turn of its own, and tells the
    /// entity the command that comes back, if one does. An entity may be shown twice.
    /// </summary>
    /// <param name="choose">Gets the id and the state, or what stayed in memory of a passive entity.</param>
    Task TellEachAsync(Func<EntityId, object, TCommand?> choose);
}
