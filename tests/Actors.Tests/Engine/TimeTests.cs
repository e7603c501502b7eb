using SimplexActors.Actors.Engine;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>The timer wheel and scheduled jobs.</summary>
public sealed class TimeTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(799, 8)]
    [InlineData(800, 8)]
    [InlineData(5_000, 50)]
    public void A_time_out_elapses_once_at_its_tick(int dueMs, int ticks)
    {
        var time = new ManualTimeProvider();
        using var wheel = new TimerWheel(time, new LineLogger(), Tick, slots: 8);
        var bell = new Bell();
        wheel.Schedule(bell, TimeSpan.FromMilliseconds(dueMs));
        time.Advance(Tick * (ticks - 1));
        Assert.Equal(0, bell.Rings);
        time.Advance(Tick);
        Assert.Equal(1, bell.Rings);
        time.Advance(Tick * 100);
        Assert.Equal((1, 0), (bell.Rings, wheel.Count));
    }

    [Fact]
    public void A_cancelled_time_out_never_elapses()
    {
        var time = new ManualTimeProvider();
        using var wheel = new TimerWheel(time, new LineLogger(), Tick, slots: 4);
        Bell[] bells = [new(), new(), new(), new(), new()];
        foreach (Bell bell in bells)
        {
            wheel.Schedule(bell, Tick);
        }

        Assert.True(wheel.Cancel(bells[0]));
        Assert.True(wheel.Cancel(bells[2]));
        Assert.True(wheel.Cancel(bells[4]));
        Assert.False(wheel.Cancel(bells[4]));
        time.Advance(Tick);
        Assert.Equal([0, 1, 0, 1, 0], bells.Select(bell => bell.Rings));
    }

    [Fact]
    public void Scheduling_again_replaces_the_earlier_time_also_from_the_callback()
    {
        var time = new ManualTimeProvider();
        using var wheel = new TimerWheel(time, new LineLogger(), Tick, slots: 4);
        var bell = new Bell();
        wheel.Schedule(bell, Tick);
        wheel.Schedule(bell, Tick * 3);
        bell.OnRing = () => wheel.Schedule(bell, Tick * 2);
        time.Advance(Tick * 2);
        Assert.Equal(0, bell.Rings);
        time.Advance(Tick * 5);
        Assert.Equal(3, bell.Rings);
    }

    [Fact]
    public void A_callback_that_throws_is_logged_and_harms_no_other()
    {
        var time = new ManualTimeProvider();
        var log = new LineLogger();
        using var wheel = new TimerWheel(time, log, Tick, slots: 4);
        var other = new Bell();
        wheel.Schedule(new Bell { OnRing = () => throw new InvalidOperationException("bell") }, Tick);
        wheel.Schedule(other, Tick);
        time.Advance(Tick);
        Assert.Equal(1, other.Rings);
        Assert.Equal(1005, Assert.Single(log.Lines).Id);
    }

    [Fact]
    public async Task A_job_runs_at_its_interval_and_reports()
    {
        var time = new ManualTimeProvider();
        int runs = 0;
        await using var job = new ScheduledSingleton<string>(
            "job",
            (progress, _) =>
            {
                progress.Report($"run {++runs}");
                return Task.CompletedTask;
            },
            new JobSchedule(TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)),
            time,
            new LineLogger());
        job.Start();
        await time.TimersArmedAsync(1);
        Assert.Equal(0, runs);
        for (int run = 1; run <= 3; run++)
        {
            time.Advance(run == 1 ? TimeSpan.FromSeconds(5) : TimeSpan.FromHours(1));
            await time.TimersArmedAsync(1);
            Assert.Equal((run, $"run {run}"), ((int)job.Status.Runs, job.Status.Progress));
        }
    }

    [Fact]
    [Spec("S-394")]
    public async Task A_job_that_fails_is_logged_and_tried_again_with_doubling_pauses()
    {
        var time = new ManualTimeProvider();
        var log = new LineLogger();
        int runs = 0;
        await using var job = new ScheduledSingleton<string>(
            "job",
            (_, _) => ++runs <= 3 ? throw new StoreUnavailableException("down") : Task.CompletedTask,
            new JobSchedule(TimeSpan.Zero, TimeSpan.FromHours(1)) { RetryFirst = TimeSpan.FromSeconds(1), RetryLongest = TimeSpan.FromSeconds(2) },
            time,
            log);
        job.Start();
        foreach (int pause in (int[])[1, 2, 2])
        {
            await time.TimersArmedAsync(1);
            Assert.Equal(pause, job.Status.FailuresInARow == 1 ? 1 : 2);
            time.Advance(TimeSpan.FromSeconds(pause));
        }

        await time.TimersArmedAsync(1);
        Assert.Equal((4, 1, 0), (runs, (int)job.Status.Runs, job.Status.FailuresInARow));
        Assert.Equal(3, log.Lines.Count(line => line.Id == 1006));
    }

    [Fact]
    public async Task A_stop_cancels_the_run_and_waits_for_its_end()
    {
        var time = new ManualTimeProvider();
        var begun = new TaskCompletionSource();
        bool ended = false;
        var job = new ScheduledSingleton<string>(
            "job",
            async (_, cancellation) =>
            {
                var cancelled = new TaskCompletionSource();
                await using CancellationTokenRegistration registration = cancellation.Register(cancelled.SetResult);
                begun.SetResult();
                await cancelled.Task;
                ended = true;
                cancellation.ThrowIfCancellationRequested();
            },
            new JobSchedule(TimeSpan.Zero, TimeSpan.FromHours(1)),
            time,
            new LineLogger());
        job.Start();
        await begun.Task;
        await job.StopAsync();
        Assert.True(ended);
        Assert.False(job.Status.IsRunning);
        await job.DisposeAsync();
    }

    private sealed class Bell : WheelTimer
    {
        public int Rings { get; private set; }

        public Action? OnRing { get; set; }

        protected internal override void Elapsed()
        {
            Rings++;
            OnRing?.Invoke();
        }
    }
}
