using System.Globalization;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>Where a PostgreSQL of this machine has its programs.</summary>
/// <param name="Folder">Holds <c>postgres</c> and <c>initdb</c>.</param>
public sealed record PostgresPrograms(string Folder)
{
    /// <summary>What to do when <see cref="TryFind"/> finds none.</summary>
    public static string Missing { get; } =
        $"PostgreSQL {LocalClusterLimits.OldestPostgres} or newer is not installed: install the package postgresql.";

    /// <summary>The server.</summary>
    public string Server => Path.Combine(Folder, "postgres");

    /// <summary>Makes the files of a new server.</summary>
    public string Initialise => Path.Combine(Folder, "initdb");

    /// <summary>Looks where distributions put PostgreSQL, then in the search path. Null when there is none that is new enough.</summary>
    /// <param name="version">Only this major version; null for the newest.</param>
    public static PostgresPrograms? TryFind(int? version = null)
    {
        PostgresPrograms? found = null;
        int newest = LocalClusterLimits.OldestPostgres - 1;
        foreach ((int major, string folder) in Candidates())
        {
            var programs = new PostgresPrograms(folder);
            bool isWanted = version is null ? major > newest : major == version;
            if (isWanted && File.Exists(programs.Server) && File.Exists(programs.Initialise))
            {
                (found, newest) = (programs, major);
            }
        }

        return found ?? FromSearchPath();
    }

    private static IEnumerable<(int Version, string Folder)> Candidates()
    {
        // Debian: /usr/lib/postgresql/15/bin. Red Hat: /usr/pgsql-15/bin.
        foreach ((string parent, string prefix) in ((string, string)[])[("/usr/lib/postgresql", ""), ("/usr", "pgsql-")])
        {
            foreach (string folder in Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, prefix + "*") : [])
            {
                if (int.TryParse(Path.GetFileName(folder).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int version))
                {
                    yield return (version, Path.Combine(folder, "bin"));
                }
            }
        }
    }

    // Its version is not known here; the server's own check of its files says when it is the wrong one.
    private static PostgresPrograms? FromSearchPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => new PostgresPrograms(folder))
            .FirstOrDefault(programs => File.Exists(programs.Server) && File.Exists(programs.Initialise));
}
