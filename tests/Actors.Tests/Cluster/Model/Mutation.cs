namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What is broken on purpose, to see that the model would find it.</summary>
public enum Mutation : byte
{
    None = 0,

    /// <summary>A write is stored whatever its range id.</summary>
    NoFence = 1,

    /// <summary>The range id is compared, but its row is not locked until the commit.</summary>
    FenceWithoutLock = 2,

    /// <summary>A node serves for longer than others wait.</summary>
    LeaseOutlivesClaim = 3,

    /// <summary>A claim changes the owner, but not the range id.</summary>
    ClaimKeepsRange = 4,

    /// <summary>A node that was suspended, or declared dead, goes on with what it had.</summary>
    ResumeUnchecked = 5,

    /// <summary>A node is declared dead although it has sent a heartbeat meanwhile.</summary>
    DeclareUnchecked = 6,

    /// <summary>The lease is measured from the answer, not from the question.</summary>
    LeaseFromAnswer = 7,

    /// <summary>A shard that was released cannot be claimed.</summary>
    ReleasedForEver = 8,
}
