using System.Diagnostics;
using System.Globalization;
using System.Reflection;
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

    // A machine cannot be put to sleep for a test. Where the clock of such a machine differs from that of one that never slept, the
    // test above runs once more: with the usual clock it fails there.
    [Fact]
    public async Task It_is_that_time_too_where_the_machine_slept_for_a_day()
    {
        const string Day = "86400";
        string[] slept = ["--time", "--boottime", Day, "--fork"];
        Assert.SkipUnless(await RunAsync([.. slept, "true"]) is (0, _), "Time namespaces need root and a Linux that has them.");

        string tests = Path.Combine(AppContext.BaseDirectory, Assembly.GetExecutingAssembly().GetName().Name!);
        string method = $"{typeof(SuspendAwareTimeTests).FullName}.{nameof(It_is_the_time_since_the_machine_was_started_sleep_included)}";
        (int code, string output) = await RunAsync([.. slept, tests, "-method", method]);
        Assert.True(code == 0, output);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
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

    private static async Task<(int Code, string Output)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("unshare", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("unshare did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    private static TimeSpan Uptime() =>
        TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture));
}
