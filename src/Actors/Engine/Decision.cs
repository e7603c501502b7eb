using System.Collections.Immutable;

namespace SimplexActors.Actors.Engine;

/// <summary>
/// What an entity decided about one command. The state applies at once; the changes go to the store in
/// the next group commit; the effects are performed only after that commit (or, without changes, after
/// every earlier commit of the same entity), so that no reply precedes durability.
/// </summary>
/// <param name="State">The new state; null when the entity no longer exists.</param>
/// <param name="Changes">Applied all or none; empty when nothing is stored.</param>
/// <param name="Effects">Performed in order.</param>
/// <param name="OnConflict">Performed instead when the store finds that an id of these changes is taken.</param>
public readonly record struct Decision<TState, TChange, TEffect>(
    TState? State,
    ImmutableArray<TChange> Changes,
    ImmutableArray<TEffect> Effects,
    ImmutableArray<TEffect> OnConflict)
    where TState : class;
