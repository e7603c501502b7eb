namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>Bounds of what travels between nodes.</summary>
public static class RoutingLimits
{
    /// <summary>Bytes of the largest message: a record with 255 keys and both blobs of a link.</summary>
    public const int MessageBytes = 64 * 1024;

    /// <summary>Commands of clients that wait for the owner of one shard; more are refused.</summary>
    public const int WaitingCommandsPerShard = 4096;

    /// <summary>
    /// Bytes on their way back to one node from which on messages travel without their bodies; the node reads these from the
    /// store when its clients can take them.
    /// </summary>
    public const long PostedBytesWithBodies = 4L * 1024 * 1024;

    /// <summary>Pause before an owner that did not know of its shard is asked again.</summary>
    public static readonly TimeSpan OwnerRetry = TimeSpan.FromMilliseconds(250);

    /// <summary>Pause between two looks whether connections must renew what they had with an owner that was out of reach.</summary>
    public static readonly TimeSpan StaleRetry = TimeSpan.FromSeconds(1);
}
