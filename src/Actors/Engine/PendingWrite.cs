using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>
/// What the writes of one incarnation of an entity have in common: after one of them failed, every later one
/// rests on a state that was never stored and fails too.
/// </summary>
internal abstract class WriteOwner
{
    private volatile bool _poisoned;

    /// <summary>A write failed. Set by the writer, before it tells the shard; never taken back.</summary>
    public bool IsPoisoned => _poisoned;

    /// <summary>The last batch that stores a set of this owner; used by the writer only.</summary>
    public long LastBatch { get; set; }

    /// <summary>The last batch with a set of this owner that the store may skip; used by the writer only.</summary>
    public long LastConflictingBatch { get; set; }

    /// <summary>Marks the owner; see <see cref="IsPoisoned"/>.</summary>
    public void Poison() => _poisoned = true;
}

/// <summary>One decision on its way through the <see cref="GroupCommitWriter{TRow, TChange}"/>.</summary>
internal abstract class PendingWrite<TChange>
{
    /// <summary>The entity's incarnation that decided.</summary>
    public abstract WriteOwner Owner { get; }

    /// <summary>The entity that decided.</summary>
    public abstract EntityId EntityId { get; }

    /// <summary>What to store; empty when only the order matters.</summary>
    public required ImmutableArray<TChange> Changes { get; init; }

    /// <summary>The store may skip the changes because an id of theirs is taken.</summary>
    public abstract bool MayConflict { get; }

    /// <summary>Index in the transaction that is running; -1 for none. Used by the writer only.</summary>
    public int SetIndex { get; set; }

    /// <summary>The effects were performed. Used by the writer only.</summary>
    public bool IsPerformed { get; set; }

    /// <summary>Under which the entity decided.</summary>
    public virtual ShardClaim Claim => default;

    /// <summary>
    /// False when the effects rest only on memory and this node may no longer trust it. What was committed may always be
    /// performed: the store has compared the claim.
    /// </summary>
    public virtual bool MayPerform => true;

    /// <summary>Performs the effects; everything they rest on is durable.</summary>
    public abstract void Perform();

    /// <summary>Called after <see cref="Perform"/>, in the order in which the writes were submitted.</summary>
    public abstract void Publish();

    /// <summary>Called instead of <see cref="Perform"/> and <see cref="Publish"/>, after the owner was poisoned.</summary>
    public abstract void Reject(WriteRejection reason);
}

/// <summary>Why a write was not carried out.</summary>
internal enum WriteRejection : byte
{
    /// <summary>Not stored: its transaction failed, or an earlier write of its entity did.</summary>
    Failed = 1,

    /// <summary>Nobody knows whether it was stored.</summary>
    Unknown = 2,

    /// <summary>Not stored: an id of it is taken.</summary>
    Conflict = 3,

    /// <summary>Not stored: another node claimed the shard.</summary>
    Fenced = 4,
}
