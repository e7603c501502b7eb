using System.Diagnostics;
using System.Globalization;
using SimplexActors.Actors.Cluster.Ownership;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>The clock of leases counts what the machine slept.</summary>
public sealed class SuspendAwareTimeTests
{
    // The kernel's own figure has hundredths of a second.
    private static readonly TimeSpan Hundredth = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void It_is_the_time_since_the_machine_was_started_sleep_included()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc/uptime is Linux's");
        var time = new SuspendAwareTime();
        TimeSpan before = Uptime();
        TimeSpan now = TimeSpan.FromSeconds(time.GetTimestamp() / (double)time.TimestampFrequency);
        TimeSpan after = Uptime();
        Assert.InRange(now, before - Hundredth, after + Hundredth);
    }

    [Fact]
    public void It_runs_as_fast_as_the_usual_clock_and_never_back()
    {
        var time = new SuspendAwareTime();
        (long usual, long began) = (Stopwatch.GetTimestamp(), time.GetTimestamp());
        long last = began;
        for (int look = 0; look < 100_000; look++)
        {
            long now = time.GetTimestamp();
            Assert.True(now >= last);
            last = now;
        }

        TimeSpan passed = time.GetElapsedTime(began, last);
        Assert.InRange(passed, TimeSpan.FromTicks(1), Stopwatch.GetElapsedTime(usual));
    }

    private static TimeSpan Uptime() =>
        TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture));
}
