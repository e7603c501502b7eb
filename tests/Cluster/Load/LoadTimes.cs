namespace SimplexActors.Cluster.Load;

/// <summary>How patient the clients of the load are.</summary>
internal static class LoadTimes
{
    /// <summary>For a connection.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(4);

    /// <summary>For an answer.</summary>
    public static readonly TimeSpan Response = TimeSpan.FromSeconds(6);

    /// <summary>Between two messages of a queue.</summary>
    public static readonly TimeSpan Send = TimeSpan.FromMilliseconds(100);

    /// <summary>Before something that failed is tried again.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two signs of life of a recipient.</summary>
    public static readonly TimeSpan Ping = TimeSpan.FromSeconds(1);

    /// <summary>A failure bound only.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
}
