using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>All that a node decides by.</summary>
/// <param name="Self">This node, a member.</param>
/// <param name="View">What the database said.</param>
/// <param name="Watch">Who has been silent.</param>
/// <param name="Holds">What is here.</param>
/// <param name="HasLease">The right to serve is valid, by an answer of the database that came in time.</param>
/// <param name="MayHandOff">Shards that may begin to move to other nodes now.</param>
/// <param name="Options">The times.</param>
public sealed record OwnershipSituation(
    NodeNumber Self,
    ClusterView View,
    HeartbeatWatch Watch,
    ShardHolds Holds,
    bool HasLease,
    int MayHandOff,
    OwnershipOptions Options);
