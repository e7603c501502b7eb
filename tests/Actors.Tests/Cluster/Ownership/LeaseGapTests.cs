using SimplexActors.Actors.Cluster.Ownership;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>A lease that is extended about when it ends: whoever may have seen it over is not passed over.</summary>
public sealed class LeaseGapTests
{
    private static readonly TimeSpan ServeFor = TimeSpan.FromSeconds(1);

    private readonly PausingClock _clock = new();

    [Fact]
    public async Task It_goes_on_when_it_is_extended_in_time()
    {
        await using Lease lease = Began();
        _clock.Now += ServeFor / 2;
        Assert.True(lease.TryExtend(_clock.GetTimestamp(), ServeFor));
        _clock.Now += ServeFor * 3 / 4;
        Assert.True(lease.IsValid);
    }

    [Fact]
    public async Task It_stays_over_when_it_was_over_before()
    {
        await using Lease lease = Began();
        Assert.True(lease.IsValid);
        _clock.Now += ServeFor;
        Assert.False(lease.TryExtend(_clock.GetTimestamp(), ServeFor));
        Assert.False(lease.IsValid);
    }

    [Fact]
    public async Task It_stays_over_when_it_ended_while_it_was_extended()
    {
        await using Lease lease = Began();
        _clock.Now += ServeFor * 3 / 4;
        _clock.Pause = ServeFor / 2;
        Assert.False(lease.TryExtend(_clock.GetTimestamp(), ServeFor));
        Assert.False(lease.IsValid);
    }

    private Lease Began()
    {
        var lease = new Lease(_clock, () => { });
        lease.Renew(_clock.GetTimestamp(), ServeFor);
        return lease;
    }

    /// <summary>A clock on a machine that stands still for a moment where a lease is being written.</summary>
    private sealed class PausingClock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        /// <summary>How long the machine stands still the next time.</summary>
        public TimeSpan Pause { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this);

        private sealed class Timer(PausingClock clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                clock.Now += clock.Pause;
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
