namespace SimplexActors.Actors.Cluster.Membership;

/// <summary>This node cannot be a member of the cluster as it is configured. The message is one line for the operator.</summary>
public sealed class ClusterJoinException(string message) : Exception(message);
