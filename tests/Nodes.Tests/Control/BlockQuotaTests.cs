using SimplexActors.Actors.Statistics;
using SimplexActors.Nodes.Edges.Control;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Control;

/// <summary>The quota of blocking goes with the day, not with any job.</summary>
public sealed class BlockQuotaTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact, Spec("S-494", "O-251", "O-633")]
    public void A_new_day_begins_at_midnight()
    {
        var statistics = new RouterStatistics(_time.GetUtcNow());
        statistics.Add(Counter.QBlocked);
        var quota = new BlockQuota(2, _time, statistics.Snapshot);
        Assert.False(quota.IsReached);
        quota.Count();
        Assert.True(quota.IsReached);

        DateTimeOffset now = _time.GetUtcNow();
        TimeSpan untilMidnight = TimeSpan.FromDays(1) - now.UtcDateTime.TimeOfDay;
        _time.Advance(untilMidnight - TimeSpan.FromSeconds(1));
        Assert.True(quota.IsReached);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(quota.IsReached);
        quota.Count();
        quota.Count();
        Assert.True(quota.IsReached);
    }

    [Theory, Spec("S-369")]
    [InlineData(0, false)]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void Zero_is_no_limit_and_a_negative_one_prohibits(int perDay, bool isReached) =>
        Assert.Equal(isReached, new BlockQuota(perDay, _time, new RouterStatistics(_time.GetUtcNow()).Snapshot).IsReached);

    [Fact, Spec("S-494")]
    public void What_another_day_counted_does_not_count()
    {
        var statistics = new RouterStatistics(_time.GetUtcNow());
        statistics.Add(Counter.QBlocked, 5);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(new BlockQuota(1, _time, statistics.Snapshot).IsReached);
    }
}
