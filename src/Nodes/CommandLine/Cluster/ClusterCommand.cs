using System.CommandLine;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary><c>simplex-router cluster</c>: looks at a cluster of nodes, and prepares and releases nodes of it.</summary>
internal static class ClusterCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create() => new("cluster", "Looks at a cluster of nodes, prepares and releases nodes.")
    {
        ClusterStatusCommand.Create(),
        JoinCheckCommand.Create(),
        DrainCommand.Create(),
    };
}
