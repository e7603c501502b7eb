namespace SimplexActors.Actors.Engine;

/// <summary>
/// Something that runs on the node that owns a shard, and on no other: the entities of a region, or a singleton. Whoever
/// knows which shards this node owns calls it; for one shard the calls never overlap.
/// </summary>
public interface IShardHost
{
    /// <summary>This node owns the shard from now on; what is stored of it is the truth.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="rangeId">The number under which the shard was claimed; everything that is written names it.</param>
    void Open(int shard, long rangeId);

    /// <summary>
    /// Gives up the shard in good order. When the task completes, everything that was decided is stored and answered,
    /// nothing more will be, and nothing of the shard is in memory.
    /// </summary>
    Task CloseAsync(int shard);

    /// <summary>
    /// The shard is lost already: what was not stored is refused by the store. Nothing more is answered from memory when
    /// the task completes, and nothing of the shard is left in it.
    /// </summary>
    Task DropAsync(int shard);

    /// <summary>
    /// Nothing is decided until <see cref="Resume"/>, because nobody knows whether this node still owns the shard. What is
    /// in memory stays there.
    /// </summary>
    Task SuspendAsync(int shard);

    /// <summary>The shard was not lost meanwhile: goes on under the same range id after <see cref="SuspendAsync"/>.</summary>
    void Resume(int shard);
}

/// <summary>The right of this node to serve what it owns, for a time that its own monotonic clock measures.</summary>
public interface ILease
{
    /// <summary>False from the moment on at which others may own what this node owned. Cheap; any thread.</summary>
    bool IsValid { get; }
}
