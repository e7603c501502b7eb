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

    /// <summary>Nodes of a cluster on one machine.</summary>
    public const int MaxNodes = 16;

    /// <summary>Connections of a node that read; a few more write, and keep it a member.</summary>
    public const int ReadersPerNode = 6;

    /// <summary>Shards of a node that move at a time.</summary>
    public const int HandOffs = 64;

    /// <summary>Connections that the database takes: <see cref="MaxNodes"/> nodes with theirs, and an operator.</summary>
    public const int DatabaseConnections = 250;

    /// <summary>Pause between two looks at the cluster.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>How long a node may take to stop before it is killed.</summary>
    public static readonly TimeSpan NodeStop = TimeSpan.FromSeconds(20);

    /// <summary>How long a database may take to start, recovery of its log included.</summary>
    public static readonly TimeSpan DatabaseStart = TimeSpan.FromSeconds(60);

    /// <summary>How long a database may take to end before it is killed.</summary>
    public static readonly TimeSpan DatabaseStop = TimeSpan.FromSeconds(20);

    /// <summary>Pause between two looks at a database that starts or ends.</summary>
    public static readonly TimeSpan DatabasePoll = TimeSpan.FromMilliseconds(25);
}
