using System.Globalization;

namespace SimplexActors.Cluster.Local;

/// <summary>What runs on this machine, read from <c>/proc</c>.</summary>
internal static class ProcessList
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>A process and all its children and theirs, that run.</summary>
    public static IReadOnlyList<int> Family(int process)
    {
        ILookup<int, int> children = Running().ToLookup(each => each.Parent, each => each.Id);
        List<int> family = [process];
        for (int next = 0; next < family.Count; next++)
        {
            family.AddRange(children[family[next]]);
        }

        return family;
    }

    /// <summary>Those that still run.</summary>
    public static IReadOnlyList<int> Alive(IEnumerable<int> processes) => [.. Running().Select(each => each.Id).Intersect(processes)];

    /// <summary>Waits until none of them runs.</summary>
    public static Task GoneAsync(IReadOnlyCollection<int> processes) => UntilAsync(() => Alive(processes).Count == 0);

    /// <summary>Waits for something that tells nobody about itself.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(Look);
        while (!isSo())
        {
            await pace.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>The arguments of a process; none when it is gone.</summary>
    public static string[] ArgumentsOf(int process) => Read($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/cmdline").Split('\0');

    // One that ended and waits for its parent to notice does not run.
    private static IEnumerable<(int Id, int Parent)> Running() =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let stat = Read(Path.Combine(folder, "stat"))
        where stat.Length > 0
        let fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')
        where fields[0] is not ("Z" or "X")
        select (int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture));

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // It ended just now.
            return "";
        }
    }
}
