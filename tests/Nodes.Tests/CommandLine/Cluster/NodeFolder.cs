using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Nodes.Hosting;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Testing;

namespace SimplexActors.Nodes.Tests.CommandLine.Cluster;

/// <summary>A machine that is to be a node: its folder with identity, certificate and configuration.</summary>
public sealed class NodeFolder : IDisposable
{
    /// <summary>In the connection string; must not be seen anywhere.</summary>
    public const string Password = "hunter2";

    private readonly TemporaryFolder _folder = new();

    public NodeFolder(string database)
    {
        Database = database;
        IdentityFolder.Create(_folder.Of("identity"), KeyAlgorithm.Ed25519, "localhost");
        File.Delete(_folder.Of("identity", CredentialFiles.AuthorityKey));
        Directory.CreateDirectory(Certificates);
        ClusterCertificates.CreateAuthority(Certificates, TimeProvider.System);
        ClusterCertificates.CreateNode(Certificates, "a", TimeProvider.System);
        LinkPort = FreePort.Find(Random.Shared);
        Write();
    }

    /// <summary>Connection string.</summary>
    public string Database { get; set; }

    /// <summary>Port for other nodes.</summary>
    public int LinkPort { get; set; }

    /// <summary>Name of the node.</summary>
    public string Node { get; set; } = "a";

    /// <summary>Further sections.</summary>
    public string More { get; set; } = "";

    /// <summary>Folder of the certificates.</summary>
    public string Certificates => _folder.Of("cluster");

    /// <summary>Of the identity.</summary>
    public byte[] Fingerprint()
    {
        using RouterCredentials credentials = IdentityFolder.Load(_folder.Of("identity"));
        return credentials.Identity;
    }

    /// <summary>Writes the configuration.</summary>
    public void Write() => File.WriteAllText(
        _folder.Of("simplex-router.conf"),
        $$"""
        {
          "cluster": {
            "node": "{{Node}}", "link_port": {{LinkPort}}, "link_bind": "127.0.0.1", "link_host": "127.0.0.1",
          },
          "store": { "postgres": "{{Database}}" },
          "smp": { "ports": [0] },
          {{More}}
        }
        """);

    /// <summary>Runs the real program here.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => RouterProgram.RunAsync(_folder.Path, arguments);

    /// <summary>Starts the real program here.</summary>
    public RouterProgram Start(params string[] arguments) => RouterProgram.Start(_folder.Path, arguments);

    public void Dispose() => _folder.Dispose();
}
