using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>A command that this node told and that is not settled yet.</summary>
/// <param name="id">The entity.</param>
/// <param name="command">What it was told.</param>
/// <param name="deadline">Timestamp after which it is refused.</param>
internal sealed class ToldCommand<TCommand>(EntityId id, TCommand command, long deadline)
    where TCommand : class
{
    public EntityId Id { get; } = id;

    public TCommand Command { get; } = command;

    public long Deadline { get; } = deadline;

    /// <summary>Number of the request to another node; the commands of one shard keep the order of these.</summary>
    public long Number { get; set; }

    /// <summary>Everything that was asked before is settled.</summary>
    public bool IsFresh { get; set; }
}
