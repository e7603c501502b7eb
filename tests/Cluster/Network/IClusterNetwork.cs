namespace SimplexActors.Cluster.Network;

/// <summary>What lies between the nodes of a cluster, and between them and the database. Clients reach every node whatever is cut.</summary>
internal interface IClusterNetwork : IAsyncDisposable
{
    /// <summary>The name of the database where nodes have theirs.</summary>
    const string Database = "database";

    /// <summary>Why this only stands in for a network; null when it is a real one.</summary>
    string? WhyNotReal { get; }

    /// <summary>Makes a place for a node.</summary>
    Task<NodePlace> JoinAsync(string node);

    /// <summary>Takes the place of a node away; the node has ended.</summary>
    Task LeaveAsync(string node);

    /// <summary>Nothing passes between two of them from now on; nobody is told.</summary>
    Task CutAsync(string one, string other);

    /// <summary>Nothing of what one says reaches the other from now on, while the other is heard.</summary>
    /// <exception cref="NotSupportedException">This is no real network.</exception>
    Task CutOneWayAsync(string from, string to);

    /// <summary>Everything passes again.</summary>
    Task MendAsync();
}
