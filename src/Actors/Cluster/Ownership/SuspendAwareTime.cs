using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>
/// The system's time with timestamps that go on while the machine sleeps (<c>CLOCK_BOOTTIME</c>). Those of
/// <see cref="TimeProvider.System"/> stand still then: a node that was suspended would take a lease for valid that others saw end. Where the
/// system is not Linux, the timestamps are the usual ones. Timers are late by the sleep either way: who
/// must know looks at a timestamp.
/// </summary>
public sealed partial class SuspendAwareTime : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <inheritdoc/>
    public override long TimestampFrequency => OperatingSystem.IsLinux() ? NanosecondsPerSecond : base.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        if (!OperatingSystem.IsLinux())
        {
            return base.GetTimestamp();
        }

        if (ReadClock(ClockBootTime, out TimeSpec now) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "The clock CLOCK_BOOTTIME cannot be read");
        }

        return ((long)now.Seconds * NanosecondsPerSecond) + now.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int ReadClock(int clock, out TimeSpec now);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
