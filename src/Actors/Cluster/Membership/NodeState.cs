namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>What the cluster believes about a node.</summary>
public enum NodeState : byte
{
    /// <summary>It owns shards and may claim more.</summary>
    Live = 1,

    /// <summary>It gives up its shards and gets no more.</summary>
    Leaving = 2,

    /// <summary>It left or was declared dead. Final: the process, if it lives, has to register again.</summary>
    Gone = 3,
}
