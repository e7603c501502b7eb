using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>What this node has of one shard.</summary>
/// <param name="State">Where it is between open and not here.</param>
/// <param name="RangeId">Of the claim under which it was opened; 0 when it is not here.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ShardHold(HoldState State, long RangeId)
{
    /// <summary>Nothing.</summary>
    public static ShardHold None => default;
}

/// <summary>Where a shard is between open and not here.</summary>
public enum HoldState : byte
{
    /// <summary>Nothing of it is in memory.</summary>
    None = 0,

    /// <summary>Served, as long as the lease is valid.</summary>
    Open = 1,

    /// <summary>In memory, not served: the lease was over.</summary>
    Suspended = 2,

    /// <summary>Being closed in good order, to be released.</summary>
    Closing = 3,

    /// <summary>Closed and not released yet; nothing of it is in memory.</summary>
    Closed = 4,

    /// <summary>Lost, and being removed from memory.</summary>
    Dropping = 5,
}
