namespace SimplexActors.Nodes.LocalCluster;

/// <summary>Bounds of what a cluster on one machine starts for itself.</summary>
public static class LocalClusterLimits
{
    /// <summary>Ports for a database of our own: below those that the system gives to clients, so that none takes one while the database is down.</summary>
    public const int FirstPort = 20_000;

    /// <summary>The end of these ports.</summary>
    public const int LastPort = 32_000;

    /// <summary>Attempts to find a port before the start fails.</summary>
    public const int PortAttempts = 20;

    /// <summary>The oldest PostgreSQL that the store works with.</summary>
    public const int OldestPostgres = 15;

    /// <summary>Connections that the database takes: three nodes with their pools, and an operator.</summary>
    public const int DatabaseConnections = 200;

    /// <summary>How long a database may take to start, recovery of its log included.</summary>
    public static readonly TimeSpan DatabaseStart = TimeSpan.FromSeconds(60);

    /// <summary>How long a database may take to end before it is killed.</summary>
    public static readonly TimeSpan DatabaseStop = TimeSpan.FromSeconds(20);

    /// <summary>Pause between two looks at a database that starts or ends.</summary>
    public static readonly TimeSpan DatabasePoll = TimeSpan.FromMilliseconds(25);
}
