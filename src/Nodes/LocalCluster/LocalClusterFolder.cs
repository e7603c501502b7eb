using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Nodes.Hosting;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>
/// The folder of a cluster on one machine: <c>identity</c>, <c>certificates</c>, <c>postgres</c>, <c>logs</c>, the configuration
/// <c>cluster.conf</c> and a file that says whose folder it is, which one command at a time holds.
/// </summary>
internal sealed class LocalClusterFolder : IDisposable
{
    private const string Marker = "local-cluster";
    private const string MarkerText = "This folder belongs to 'simplex-router cluster run'.\n";

    private readonly string _path;
    private readonly FileStream _lock;

    private LocalClusterFolder(string path, FileStream taken) => (_path, _lock) = (path, taken);

    /// <summary>The router's identity.</summary>
    public string Identity => Path.Combine(_path, "identity");

    /// <summary>By which the nodes know each other.</summary>
    public string Certificates => Path.Combine(_path, "certificates");

    /// <summary>The database.</summary>
    public string Postgres => Path.Combine(_path, "postgres");

    /// <summary>What all nodes are configured with; only its owner may read it.</summary>
    public string Configuration => Path.Combine(_path, "cluster.conf");

    /// <summary>Takes the folder; makes it when it is not there.</summary>
    /// <exception cref="StartException">It is somebody else's, in use or cannot be written.</exception>
    public static LocalClusterFolder Open(string path) => Explain(path, () =>
    {
        if (File.Exists(path))
        {
            throw new StartException($"{path} is a file: choose a folder with --data");
        }

        Directory.CreateDirectory(path);
        string marker = Path.Combine(path, Marker);
        if (!File.Exists(marker) && Directory.EnumerateFileSystemEntries(path).FirstOrDefault() is { } other)
        {
            throw new StartException($"{path} holds something else ({Path.GetFileName(other)}): choose a new or an empty folder with --data");
        }

        return new LocalClusterFolder(path, Take(path, marker));
    });

    /// <summary>Makes the identity and certificates that are not there yet.</summary>
    /// <exception cref="StartException">What is there cannot be used, or the folder cannot be written.</exception>
    public void Prepare(IEnumerable<string> nodes) => Explain(_path, () =>
    {
        if (!IdentityFolder.HasAny(Identity))
        {
            IdentityFolder.Create(Identity, KeyAlgorithm.Ed25519, "localhost");
        }

        if (!File.Exists(Path.Combine(Certificates, ClusterCertificates.AuthorityCertificate)))
        {
            // Without its certificate no node knows any other: what is left of a start that was cut short is of no use.
            if (Directory.Exists(Certificates))
            {
                Directory.Delete(Certificates, recursive: true);
            }

            Directory.CreateDirectory(Certificates);
            ClusterCertificates.CreateAuthority(Certificates, TimeProvider.System);
        }

        foreach (string node in nodes.Where(node => !File.Exists(ClusterCertificates.CertificateOf(Certificates, node))))
        {
            ClusterCertificates.CreateNode(Certificates, node, TimeProvider.System, replaces: File.Exists(ClusterCertificates.KeyOf(Certificates, node)));
        }

        Directory.CreateDirectory(Path.Combine(_path, "logs"));
        return true;
    });

    /// <summary>Where a node logs.</summary>
    public string LogOf(string node) => Path.Combine(_path, "logs", node + ".log");

    /// <summary>Writes the configuration of this start.</summary>
    /// <exception cref="StartException">The folder cannot be written.</exception>
    public void WriteConfiguration(string text) => Explain(_path, () =>
    {
        File.Delete(Configuration);
        using var stream = new FileStream(Configuration, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(text);
        return true;
    });

    /// <summary>Lets another command have the folder.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Take(string path, string marker)
    {
        try
        {
            var taken = new FileStream(marker, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (taken.Length == 0)
            {
                taken.Write(System.Text.Encoding.UTF8.GetBytes(MarkerText));
                taken.Flush();
            }

            return taken;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException) && File.Exists(marker))
        {
            throw new StartException($"{path} is in use by another 'cluster run': end that one, or choose another folder with --data", e);
        }
    }

    private static T Explain<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CredentialException)
        {
            throw new StartException($"{path}: {e.Message}", e);
        }
    }
}
