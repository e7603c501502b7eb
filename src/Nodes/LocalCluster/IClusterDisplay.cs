namespace SimplexActors.Nodes.LocalCluster;

/// <summary>Tells the user of a cluster on one machine what happens. Not for use by several callers at once.</summary>
internal interface IClusterDisplay
{
    /// <summary>The processes are being started.</summary>
    void Starting(LocalClusterOptions options);

    /// <summary>A node serves clients.</summary>
    void Ready(NodeProcess node);

    /// <summary>A node has ended, and nobody asked it to.</summary>
    void Ended(NodeProcess node, string how);

    /// <summary>The database has ended, and nobody asked it to.</summary>
    void DatabaseEnded(string lastLogLine);

    /// <summary>Runs <paramref name="watch"/>, which calls <see cref="Show"/> again and again.</summary>
    Task WatchAsync(Func<Task> watch);

    /// <summary>Shows how the cluster is now.</summary>
    void Show(ClusterLook look);

    /// <summary>Everything is being stopped.</summary>
    void Stopping(string why);

    /// <summary>A node did not stop and was killed.</summary>
    void Killed(string node);

    /// <summary>Nothing runs any more.</summary>
    void Stopped();
}
