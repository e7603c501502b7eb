using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>Entities of one kind that can be told something, wherever they run.</summary>
/// <typeparam name="TCommand">Everything an entity can be told.</typeparam>
public interface IEntityRegion<in TCommand>
    where TCommand : class
{
    /// <summary>Tells an entity something, and waits while there is no room. What is told to one entity arrives in this order.</summary>
    /// <returns>Completes when the command was taken, not when it was decided; the command's own reply target hears more.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; the command was not taken.</exception>
    ValueTask TellAsync(EntityId id, TCommand command, CancellationToken cancellation);
}
