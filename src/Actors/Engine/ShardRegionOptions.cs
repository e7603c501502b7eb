namespace SimplexActors.Actors.Engine;

/// <summary>Bounds of one region; the defaults are those of <see cref="Limits"/>.</summary>
public sealed record ShardRegionOptions
{
    /// <inheritdoc cref="Limits.ShardsPerRegion"/>
    public int Shards { get; init; } = Limits.ShardsPerRegion;

    /// <inheritdoc cref="Limits.InboxCommandsPerShard"/>
    public int InboxCommandsPerShard { get; init; } = Limits.InboxCommandsPerShard;

    /// <inheritdoc cref="Limits.ParkedCommandsPerShard"/>
    public int ParkedCommandsPerShard { get; init; } = Limits.ParkedCommandsPerShard;

    /// <inheritdoc cref="Limits.LoadedEntitiesPerRegion"/>
    public int LoadedEntities { get; init; } = Limits.LoadedEntitiesPerRegion;

    /// <inheritdoc cref="Limits.IdleSweepInterval"/>
    public TimeSpan IdleSweepInterval { get; init; } = Limits.IdleSweepInterval;

    /// <summary>
    /// An idle shard runs its turn on the thread of the caller that woke it, which saves a change of threads. Turns
    /// never nest: a caller that is inside a turn, or performs effects for the writer, leaves it to the thread pool.
    /// </summary>
    public bool RunOnCaller { get; init; } = true;

    /// <summary>Shards take nothing before <see cref="IShardHost.Open"/>. Otherwise all are open, and nobody else writes to their store.</summary>
    public bool StartsClosed { get; init; }

    /// <summary>A shard that finds it invalid suspends itself before it decides anything. Null for one that never ends.</summary>
    public ILease? Lease { get; init; }

    /// <summary>
    /// Told the number of a shard when the store refused a decision because another node claimed the shard; once after
    /// each opening. The shard has suspended itself. Called on the shard's turn, must return at once.
    /// </summary>
    public Action<int>? OnFenced { get; init; }
}
