using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
/// <param name="Entity">The entity that decided.</param>
/// <param name="Changes">In their order.</param>
/// <param name="Claim">Under which the entity decided: a shared store refuses the set when the shard was claimed again since.</param>
public readonly record struct WriteSet<TChange>(EntityId Entity, ImmutableArray<TChange> Changes, ShardClaim Claim = default);

/// <summary>The right to write to the entities of one shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="RangeId">Of the claim; 0 when nobody else can write to the store.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ShardClaim(int Shard, long RangeId);

/// <summary>How a group commit ended.</summary>
/// <param name="Outcome">For the whole transaction.</param>
/// <param name="Conflicts">Indices of the sets that were skipped because an id of theirs is taken; ascending.</param>
/// <param name="Cause">For the log; null when committed.</param>
public sealed record CommitResult(CommitOutcome Outcome, ImmutableArray<int> Conflicts, Exception? Cause = null)
{
    /// <summary>Everything was stored.</summary>
    public static CommitResult Committed { get; } = new(CommitOutcome.Committed, []);

    /// <summary>Indices of the sets that were not stored because their shard was claimed by another node; ascending. The others were.</summary>
    public ImmutableArray<int> Fenced { get; init; } = [];
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
