namespace SimplexActors.Nodes.Edges.Health;

/// <summary>Why a router does not work or takes no clients.</summary>
internal enum HealthReason : byte
{
    /// <summary>A loop that must go round does not.</summary>
    Stuck = 1,

    /// <summary>The store does not answer.</summary>
    Store = 2,

    /// <summary>It is not yet, or not any more, a member of the cluster.</summary>
    NotJoined = 3,

    /// <summary>The database did not answer its heartbeats for too long, so it serves nothing.</summary>
    NoLease = 4,

    /// <summary>It is about to stop.</summary>
    Draining = 5,
}
