using System.CommandLine;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>
/// <c>simplex-router cluster init</c> and <c>cert</c>: make the certificates by which the nodes of a cluster know each other. They are
/// apart from the router's identity, which clients know.
/// </summary>
internal static class CertificateCommands
{
    /// <summary>Describes <c>init</c>.</summary>
    public static Command Init()
    {
        Argument<string> folder = FolderArgument();
        var names = new Option<string[]>("--node") { Description = "Name of a node; may be given several times; default: this host's name", HelpName = "NAME" };
        var command = new Command("init", "Makes a cluster's certificate and one for each node.") { folder, names };
        command.SetAction(parsed => Explain(() =>
        {
            string path = Path.GetFullPath(parsed.GetRequiredValue(folder));
            string[] nodes = parsed.GetValue(names) is { Length: > 0 } given ? [.. given.Distinct(StringComparer.Ordinal)] : [Environment.MachineName];
            foreach (string node in nodes)
            {
                // All names are good, and none is taken, before anything is made.
                ClusterCertificates.CheckName(node);
                RefuseExisting(ClusterCertificates.CertificateOf(path, node), ClusterCertificates.KeyOf(path, node));
            }

            Directory.CreateDirectory(path);
            ClusterCertificates.CreateAuthority(path, TimeProvider.System);
            foreach (string node in nodes)
            {
                ClusterCertificates.CreateNode(path, node, TimeProvider.System);
                PrintNode(path, node);
            }

            Console.Out.WriteLine($"one more node later: simplex-router cluster cert {parsed.GetRequiredValue(folder)} NAME");
            ErrorOutput.Warn($"Move {Path.Combine(path, ClusterCertificates.AuthorityKey)} to a safe offline place: who has it can join the cluster; without it no node can be added.");
        }));
        return command;
    }

    /// <summary>Describes <c>cert</c>.</summary>
    public static Command Cert()
    {
        Argument<string> folder = FolderArgument();
        var name = new Argument<string>("NAME") { Description = "Name of the node" };
        var renew = new Option<bool>("--renew") { Description = "Replace the certificate and key that the node has" };
        var command = new Command("cert", "Makes the certificate of one more node, or renews one.") { folder, name, renew };
        command.SetAction(parsed => Explain(() =>
        {
            string path = Path.GetFullPath(parsed.GetRequiredValue(folder));
            string node = parsed.GetRequiredValue(name);
            ClusterCertificates.CreateNode(path, node, TimeProvider.System, parsed.GetValue(renew));
            PrintNode(path, node);
        }));
        return command;
    }

    private static Argument<string> FolderArgument() => new("DIR") { Description = "Folder of the certificates" };

    private static void PrintNode(string folder, string node) =>
        Console.Out.WriteLine($"copy to node {node}: {Path.Combine(folder, ClusterCertificates.AuthorityCertificate)} {ClusterCertificates.CertificateOf(folder, node)} {ClusterCertificates.KeyOf(folder, node)}");

    private static void RefuseExisting(params ReadOnlySpan<string> files)
    {
        foreach (string file in files)
        {
            if (File.Exists(file))
            {
                throw new CommandFailure($"{file} exists: nothing was changed");
            }
        }
    }

    private static int Explain(Action work)
    {
        try
        {
            work();
            return ExitCode.Success;
        }
        catch (CredentialException e)
        {
            throw new CommandFailure(e.Message, e);
        }
    }
}
