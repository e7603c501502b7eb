using System.Globalization;

namespace SimplexActors.Testing;

/// <summary>What the system says about a process.</summary>
/// <param name="id">Process id.</param>
public sealed class ProcessFacts(int id)
{
    private const long KibibytesPerMebibyte = 1024;

    /// <summary>Memory in use now, MiB.</summary>
    public long ResidentMebibytes => ReadStatus("VmRSS:");

    /// <summary>The most memory that was ever in use, MiB.</summary>
    public long PeakMebibytes => ReadStatus("VmHWM:");

    /// <summary>Open sockets.</summary>
    public long Sockets => Directory.EnumerateFileSystemEntries($"/proc/{id}/fd")
        .Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) is true);

    /// <summary>Files and sockets that the process may have open.</summary>
    public int MaxFiles => int.Parse(Fields($"/proc/{id}/limits", "Max open files")[3], CultureInfo.InvariantCulture);

    private long ReadStatus(string name) =>
        long.Parse(Fields($"/proc/{id}/status", name)[1], CultureInfo.InvariantCulture) / KibibytesPerMebibyte;

    private static string[] Fields(string file, string line) =>
        File.ReadLines(file).First(one => one.StartsWith(line, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
