using SimplexActors.Actors.Engine;

namespace SimplexActors.Nodes.Hosting;

/// <summary>How the regions of a node are set up.</summary>
internal static class RegionOptions
{
    /// <summary>Names the queues between nodes.</summary>
    public const byte Queues = 1;

    /// <summary>Names the services between nodes.</summary>
    public const byte Services = 2;

    /// <summary>Everything runs here when the router is alone; in a cluster what the node owns, while its lease is valid.</summary>
    public static ShardRegionOptions Of(ClusterFoundation? cluster) => cluster is null
        ? new ShardRegionOptions()
        : new ShardRegionOptions { Shards = cluster.Ownership.ShardCount, StartsClosed = true, Lease = cluster.Ownership, OnFenced = cluster.Ownership.Lost };
}
