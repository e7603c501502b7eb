namespace SimplexActors.Nodes.Edges.Health;

/// <summary>The health of a router that is alone: whoever gets an answer at all sees that the process works.</summary>
/// <param name="store">Where queues and messages are.</param>
internal sealed class SingleHealth(StoreProbe store) : INodeHealth
{
    /// <inheritdoc/>
    public HealthReason? Broken => null;

    /// <inheritdoc/>
    public async ValueTask<HealthReason?> UnreadyAsync(CancellationToken cancellation) =>
        await store.AnswersAsync(cancellation) ? null : HealthReason.Store;
}
