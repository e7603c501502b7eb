namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>The operator's rules for new queues (S-227).</summary>
internal sealed class QueueRules(bool newQueues, RequiredPassword required)
{
    /// <summary>Whether a client with this password may create a queue.</summary>
    public bool Allows(string? password) => newQueues && required.Accepts(password);
}
