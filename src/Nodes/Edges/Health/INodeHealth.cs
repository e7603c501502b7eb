namespace SimplexActors.Nodes.Edges.Health;

/// <summary>What machines are told about this router. Asked every few seconds by everybody who watches it.</summary>
internal interface INodeHealth
{
    /// <summary>Why the process must be replaced by another; null while it works. Answers at once, from memory.</summary>
    /// <remarks>What a new process could not do better is no reason: not a database that does not answer.</remarks>
    HealthReason? Broken { get; }

    /// <summary>Why clients should not come here now; null when they should.</summary>
    ValueTask<HealthReason?> UnreadyAsync(CancellationToken cancellation);
}
