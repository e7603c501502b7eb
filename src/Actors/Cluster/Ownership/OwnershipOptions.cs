namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>The times and the pace of shard ownership. All nodes of a cluster should have the same.</summary>
public sealed record OwnershipOptions
{
    /// <summary>Clocks of two machines may run at rates that differ by less than this part.</summary>
    public const double ClaimMargin = 1.25;

    /// <summary>Heartbeats that may be lost before a node stops to serve.</summary>
    public const int LeastHeartbeats = 3;

    /// <summary>Pause between two heartbeats, each of which reads the cluster too.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a node serves after it sent the last heartbeat that was answered.</summary>
    public TimeSpan ServeFor { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a node must have been silent before others declare it dead and claim its shards.</summary>
    public TimeSpan ClaimAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Shards of this node that may be on their way to other nodes at the same time.</summary>
    public int ConcurrentHandOffs { get; init; } = 8;

    /// <summary>Shards that begin to move to other nodes per second while this node stays.</summary>
    public int HandOffsPerSecond { get; init; } = 32;

    /// <summary>Without an answer of the database for so long, a node forgets who was silent.</summary>
    public TimeSpan LongestPause => ServeFor / 2;

    /// <summary>A question to the database is given up after this time, so that another try is left before the lease ends.</summary>
    public TimeSpan QuestionTimeout => ServeFor / 3;

    /// <summary>Without an answer of the database for so long, a node that wants to join gives up.</summary>
    public TimeSpan JoinPatience => 2 * ClaimAfter;

    /// <summary>Pause after a question that the database did not answer.</summary>
    public TimeSpan RetryPause => Heartbeat / 4;

    /// <summary>What is wrong with the values, in one line; null when nothing is.</summary>
    public string? Problem() => this switch
    {
        { Heartbeat.Ticks: <= 0 } => $"heartbeat is {Heartbeat}, but must be more than 0",
        _ when ServeFor < Heartbeat * LeastHeartbeats => $"serve-for is {ServeFor}, but must be at least {LeastHeartbeats} heartbeats ({Heartbeat * LeastHeartbeats})",
        _ when ClaimAfter < ServeFor * ClaimMargin => $"claim-after is {ClaimAfter}, but must be at least serve-for and a quarter ({ServeFor * ClaimMargin}), so that no two nodes serve one shard",
        { ConcurrentHandOffs: < 1 } => $"concurrent-hand-offs is {ConcurrentHandOffs}, but must be at least 1",
        { HandOffsPerSecond: < 1 } => $"hand-offs-per-second is {HandOffsPerSecond}, but must be at least 1",
        _ => null,
    };
}
