using System.CommandLine;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary><c>simplex-router cluster</c>: runs one to try it out, looks at a cluster of nodes, and prepares and releases nodes of it.</summary>
internal static class ClusterCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create() => new("cluster", "Runs a cluster to try it out, makes certificates of nodes, looks at a cluster, checks and releases nodes.")
    {
        RunClusterCommand.Create(),
        CertificateCommands.Init(),
        CertificateCommands.Cert(),
        ClusterStatusCommand.Create(),
        JoinCheckCommand.Create(),
        DrainCommand.Create(),
        ShardsCommand.Create(),
    };
}
