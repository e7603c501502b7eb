using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Nodes.Edges.Health;

/// <summary>The health of a node of a cluster.</summary>
/// <param name="ownership">What the node knows of itself; <see cref="ShardOwnership.Status"/>.</param>
/// <param name="options">The times of ownership.</param>
/// <param name="store">Where queues and messages are.</param>
internal sealed class ClusterHealth(Func<OwnershipStatus> ownership, OwnershipOptions options, StoreProbe store) : INodeHealth
{
    private readonly TimeSpan _longestRound = HealthLimits.LongestRoundOf(options);

    /// <inheritdoc/>
    public HealthReason? Broken => ownership() is { IsLeaving: false } status && status.SinceRound > _longestRound ? HealthReason.Stuck : null;

    /// <inheritdoc/>
    public async ValueTask<HealthReason?> UnreadyAsync(CancellationToken cancellation)
    {
        OwnershipStatus status = ownership();
        return status switch
        {
            { IsLeaving: true } => HealthReason.Draining,
            { Self.IsNone: true } => HealthReason.NotJoined,
            { HasLease: false } => HealthReason.NoLease,
            _ => await store.AnswersAsync(cancellation) ? null : HealthReason.Store,
        };
    }
}
