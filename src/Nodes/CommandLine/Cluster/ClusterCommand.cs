using System.CommandLine;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary><c>simplex-router cluster</c>: looks at a cluster of nodes, and prepares and releases nodes of it.</summary>
internal static class ClusterCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create() => new("cluster", "Makes certificates of nodes, looks at a cluster, checks and releases nodes.")
    {
        CertificateCommands.Init(),
        CertificateCommands.Cert(),
        ClusterStatusCommand.Create(),
        JoinCheckCommand.Create(),
        DrainCommand.Create(),
    };
}
