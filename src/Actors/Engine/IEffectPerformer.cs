using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>Does what entities decided, once it is durable.</summary>
/// <typeparam name="TEffect">One thing to do.</typeparam>
public interface IEffectPerformer<in TEffect>
{
    /// <summary>
    /// Performs one effect. Called on a shard's turn or by the writer after a commit, for several entities at the
    /// same time but for each entity in the order of its decisions. Must return at once: it holds up the writer.
    /// </summary>
    /// <param name="entityId">The entity that decided it.</param>
    /// <param name="effect">What to do.</param>
    void Perform(in EntityId entityId, TEffect effect);
}
