using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>What the engine needs of a store: to load entities and to commit groups of changes.</summary>
public interface IEntityStore<TRow, TChange>
    where TRow : class
{
    /// <summary>Loads the rows of <paramref name="ids"/>, in their order; null where nothing is stored.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<TRow?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation);

    /// <summary>
    /// Commits all sets as one transaction, durable when the task completes. Never throws for what a
    /// store can suffer; the result says what happened.
    /// </summary>
    ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<TChange>> sets, CancellationToken cancellation);
}

/// <summary>The changes of one decision, applied all or none.</summary>
public readonly record struct WriteSet<TChange>(EntityId Entity, ImmutableArray<TChange> Changes);

/// <summary>How a group commit ended.</summary>
/// <param name="Outcome">For the whole transaction.</param>
/// <param name="Conflicts">Indices of the sets that were skipped because an id of theirs is taken; ascending.</param>
/// <param name="Cause">For the log; null when committed.</param>
public sealed record CommitResult(CommitOutcome Outcome, ImmutableArray<int> Conflicts, Exception? Cause = null)
{
    /// <summary>Everything was stored.</summary>
    public static CommitResult Committed { get; } = new(CommitOutcome.Committed, []);
}

/// <summary>Outcome of a transaction.</summary>
public enum CommitOutcome : byte
{
    /// <summary>Durable.</summary>
    Committed = 1,

    /// <summary>Nothing of it was stored.</summary>
    Failed = 2,

    /// <summary>Nobody knows; the entities must be read again before anything is answered.</summary>
    Unknown = 3,
}

/// <summary>The store cannot be reached or used now.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
