namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>A member of the cluster as the database has it.</summary>
/// <param name="Number">Of the process.</param>
/// <param name="Name">Of the machine or pod; the same after a restart.</param>
/// <param name="LinkHost">Where other nodes reach it.</param>
/// <param name="LinkPort">Where other nodes reach it.</param>
/// <param name="Release">The version of its program.</param>
/// <param name="State">What the cluster believes about it.</param>
/// <param name="Heartbeats">How often it has said that it lives.</param>
/// <param name="SinceHeartbeat">Since the last one by the database's clock, which may be set: to look at, not to decide by.</param>
public sealed record ClusterNode(
    NodeNumber Number,
    string Name,
    string LinkHost,
    int LinkPort,
    string Release,
    NodeState State,
    long Heartbeats,
    TimeSpan SinceHeartbeat);
