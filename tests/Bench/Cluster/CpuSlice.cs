using System.Globalization;

namespace SimplexActors.Bench.Cluster;

/// <summary>
/// A part of this machine's CPU time that some processes have to make do with: a control group of Linux, of version 1 or 2.
/// It has the greatest weight, so that it gets its part also where other things run. Only root may make one.
/// </summary>
internal sealed class CpuSlice : IDisposable
{
    private const string Version1 = "/sys/fs/cgroup/cpu";
    private const string Version2 = "/sys/fs/cgroup";

    // The default of 100 ms would let a node run for some ms and stand still for the rest, and its peers wait for it.
    private const int PeriodMicroseconds = 10_000;

    // The kernel's least.
    private const int LeastMicroseconds = 1000;

    private readonly string _folder;

    private CpuSlice(string folder) => _folder = folder;

    /// <summary>The smallest slice, in cores.</summary>
    public static double LeastCores => (double)LeastMicroseconds / PeriodMicroseconds;

    /// <summary>Puts processes, and those that they start from now on, into a slice of their own.</summary>
    /// <exception cref="CpuSliceException">This system does not allow it; the message says why.</exception>
    public static CpuSlice Of(IEnumerable<int> processes, double cores)
    {
        string quota = ((int)(cores * PeriodMicroseconds)).ToString(CultureInfo.InvariantCulture);
        string period = PeriodMicroseconds.ToString(CultureInfo.InvariantCulture);
        bool isVersion1 = Directory.Exists(Version1);
        string root = isVersion1 ? Version1 : Version2;
        var slice = new CpuSlice(Path.Combine(root, $"bench-{Guid.NewGuid():N}"));
        try
        {
            if (!isVersion1)
            {
                File.WriteAllText(Path.Combine(root, "cgroup.subtree_control"), "+cpu");
            }

            Directory.CreateDirectory(slice._folder);
            if (isVersion1)
            {
                slice.Write("cpu.cfs_period_us", period);
                slice.Write("cpu.cfs_quota_us", quota);
                slice.Write("cpu.shares", "262144");
            }
            else
            {
                slice.Write("cpu.max", $"{quota} {period}");
                slice.Write("cpu.weight", "10000");
            }

            foreach (int process in processes)
            {
                slice.Write("cgroup.procs", process.ToString(CultureInfo.InvariantCulture));
            }

            return slice;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            slice.Dispose();
            throw new CpuSliceException($"--cpu needs root and a control group below {root} with the controller cpu: {e.Message}", e);
        }
    }

    /// <summary>Removes the group. Its processes have ended.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder);
        }
    }

    private void Write(string file, string value) => File.WriteAllText(Path.Combine(_folder, file), value);
}

/// <summary>This system allows no slices of CPU time; the message says why in one line.</summary>
internal sealed class CpuSliceException(string message, Exception cause) : Exception(message, cause);
