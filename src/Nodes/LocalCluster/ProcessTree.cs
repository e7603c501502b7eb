using System.Globalization;
using System.Runtime.InteropServices;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>Signals and children of a process, read from <c>/proc</c>.</summary>
internal static partial class ProcessTree
{
    /// <summary>Signal numbers on Linux.</summary>
    public const int Interrupt = 2, Kill = 9, Terminate = 15, Stop = 19;

    /// <summary>Sends a signal; a process that is gone gets none.</summary>
    public static void Send(int process, int signal) => _ = SendSignal(process, signal);

    /// <summary>The children of a process.</summary>
    public static List<int> Children(int parent) =>
        [.. Directory.EnumerateDirectories("/proc").Select(folder => Number(Path.GetFileName(folder))).Where(id => id > 0 && Read(id)?.Parent == parent)];

    /// <summary>The name of the program that a process runs; null when there is none.</summary>
    public static string? ProgramOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/comm").Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>False once a process ended, whether or not its parent noticed.</summary>
    public static bool IsRunning(int process) => Read(process) is { State: not ('Z' or 'X') };

    private static (char State, int Parent)? Read(int process)
    {
        try
        {
            // pid (name) state ppid: the name may hold anything, so the fields are counted from its end.
            string stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], Number(fields[1]));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
