using System.Globalization;
using System.Security.Cryptography;
using SimplexActors.Testing;

namespace SimplexActors.Cluster.Network;

/// <summary>
/// Names of the network namespaces of one cluster. They tell the process that made them, so that the next run removes what one
/// that was killed left behind, nodes that still run in there included.
/// </summary>
internal sealed class NamespaceNames
{
    private const string Family = "simplextest", Folder = "/run/netns";
    private const int StartTimeField = 19;

    private readonly string _prefix = string.Create(
        CultureInfo.InvariantCulture,
        $"{Family}-{Environment.ProcessId}-{StartTimeOf(Environment.ProcessId)}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}-");

    /// <summary>The name for one part of the network.</summary>
    public string Of(string part) => _prefix + part;

    /// <summary>Removes all that bear names of this cluster.</summary>
    public Task RemoveAsync() => RemoveAsync(name => name.StartsWith(_prefix, StringComparison.Ordinal));

    /// <summary>Removes those of processes that are gone.</summary>
    /// <param name="family">What their names begin with.</param>
    public static Task RemoveAbandonedAsync(string family = Family) => RemoveAsync(name =>
        name.Split('-') is [var first, var process, var start, _, _] && first == family
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && StartTimeOf(id) != start);

    private static async Task RemoveAsync(Predicate<string> which)
    {
        string[] names = Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Where(name => which(name))] : [];
        foreach (string name in names)
        {
            try
            {
                foreach (string process in (await IpProgram.RunAsync("netns", "pids", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    Kill(int.Parse(process, CultureInfo.InvariantCulture));
                }

                await IpProgram.RunAsync("netns", "delete", name);
            }
            catch (NetworkException) when (!File.Exists(Path.Combine(Folder, name)))
            {
                // Another run removed it at the same time.
            }
        }
    }

    private static void Kill(int process)
    {
        try
        {
            RouterProgram.Signal(process, RouterProgram.Sigkill);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    /// <summary>When a process started, in ticks of the system's clock; empty when there is none.</summary>
    private static string StartTimeOf(int process)
    {
        try
        {
            // pid (name) state ppid ...: the name may hold anything, so the fields are counted from its end.
            string stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[StartTimeField];
        }
        catch (IOException)
        {
            return "";
        }
    }
}
