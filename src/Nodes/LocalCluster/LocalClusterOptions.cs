using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>What a cluster on one machine is made of.</summary>
/// <param name="Folder">Full path of the folder that keeps everything.</param>
/// <param name="Nodes">Number of nodes.</param>
/// <param name="Port">Of the first node, for clients; the others follow. 0: the system chooses all of them.</param>
/// <param name="Settings">Keys of the configuration that all nodes get, by dotted key.</param>
/// <param name="Times">Of the cluster.</param>
internal sealed record LocalClusterOptions(string Folder, int Nodes, int Port, IReadOnlyDictionary<string, string> Settings, OwnershipOptions Times)
{
    /// <summary>The names of the nodes.</summary>
    public IEnumerable<string> Names => Enumerable.Range(1, Nodes).Select(number => $"n{number}");

    /// <summary>The port of a node.</summary>
    /// <param name="index">Of the node, from 0.</param>
    public int PortOf(int index) => Port == 0 ? 0 : Port + index;
}
