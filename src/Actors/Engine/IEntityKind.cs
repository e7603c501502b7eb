using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>
/// One kind of entity: its pure decisions and how its state comes and goes. The engine calls it from
/// one thread at a time per shard; implementations hold no mutable state of their own.
/// </summary>
/// <typeparam name="TState">State in memory: what is stored and what lives only as long as connections do.</typeparam>
/// <typeparam name="TRow">What the store loads for one entity.</typeparam>
/// <typeparam name="TCommand">Everything an entity can be told.</typeparam>
/// <typeparam name="TChange">One change of the store.</typeparam>
/// <typeparam name="TEffect">One thing to do after the commit.</typeparam>
public interface IEntityKind<TState, TRow, TCommand, TChange, TEffect>
    where TState : class
    where TRow : class
    where TCommand : class
{
    /// <summary>Decides about one command. Pure: no clock but <paramref name="now"/>, no input or output.</summary>
    /// <param name="id">The entity.</param>
    /// <param name="state">Its state; null when it does not exist.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">The router's time.</param>
    Decision<TState, TChange, TEffect> Decide(in EntityId id, TState? state, TCommand command, DateTimeOffset now);

    /// <summary>True for a command that makes a new entity under a fresh random id: nothing is loaded for it.</summary>
    bool CreatesEntity(TCommand command);

    /// <summary>Builds the state from what is stored and from what stayed in memory.</summary>
    /// <param name="id">The entity.</param>
    /// <param name="row">What the store holds; null when it holds nothing.</param>
    /// <param name="residue">What <see cref="Residue"/> kept when the entity was passivated, or null.</param>
    TState? Activate(in EntityId id, TRow? row, object? residue);

    /// <summary>
    /// The compact part of the state that must stay in memory when the entity is passivated (such as its
    /// subscription), or null when the entity can leave memory whole.
    /// </summary>
    object? Residue(TState state);

    /// <summary>
    /// Applies a command to an entity that is not in memory, when it concerns nothing that is stored (such as
    /// the end of a connection): nothing is loaded for it.
    /// </summary>
    /// <param name="id">The entity.</param>
    /// <param name="residue">What <see cref="Residue"/> kept; null when nothing was kept.</param>
    /// <param name="command">The command.</param>
    /// <param name="rest">What stays in memory from now on; null for nothing.</param>
    /// <param name="effects">Performed at once: they depend on nothing that is stored.</param>
    /// <returns>False when the entity must be loaded to decide about the command.</returns>
    bool TryDecideResidue(in EntityId id, object? residue, TCommand command, out object? rest, out ImmutableArray<TEffect> effects);

    /// <summary>
    /// Told to an entity, before any other command, after it was loaded again because a commit failed or its
    /// outcome is unknown. Then the residue is that of the state before the first decision that was not
    /// committed, with the refused commands that <see cref="TryDecideResidue"/> accepts applied to it: what was
    /// decided in vain leaves no trace, and a connection that ended stays ended.
    /// </summary>
    TCommand Recovery { get; }

    /// <summary>
    /// The effects that answer a command which could not run, or whose changes could not be stored.
    /// </summary>
    ImmutableArray<TEffect> Refuse(in EntityId id, TCommand command, Refusal refusal);

    /// <summary>
    /// Called on the shard's turn right after a command was decided or refused, before its commit and
    /// before its effects are performed: the sender may then send commands that depend on it.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="effects">What will be performed once it is durable.</param>
    void Decided(TCommand command, ImmutableArray<TEffect> effects);
}
