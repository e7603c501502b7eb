using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Limiting;

/// <summary>Rates, their text and the buckets that keep them.</summary>
public sealed class TokenBucketTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    [Spec("S-488")]
    public void A_bucket_gives_its_burst_and_then_its_rate()
    {
        RateLimit limit = Limit(Rate.PerSecond(10, burst: 3));
        var bucket = default(TokenBucket);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(bucket.TryTake(limit, 1, Now, out _));
        }

        Assert.False(bucket.TryTake(limit, 1, Now, out long wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), RateLimit.TimeOf(wait, _time));
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(bucket.TryTake(limit, 1, Now, out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(bucket.TryTake(limit, 1, Now, out _));
        Assert.False(bucket.TryTake(limit, 1, Now, out _));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(bucket.IsFull(Now));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => bucket.TryTake(limit, 1, Now, out long _)));
    }

    [Fact]
    [Spec("S-488")]
    public void Many_at_once_are_given_whole_and_made_up_for()
    {
        RateLimit limit = Limit(Rate.PerSecond(10, burst: 3));
        var bucket = default(TokenBucket);
        Assert.True(bucket.TryTake(limit, 23, Now, out _));
        Assert.False(bucket.IsFull(Now));
        Assert.Equal(2 * Second + TimeSpan.FromMilliseconds(100), RateLimit.TimeOf(bucket.WaitFor(limit, Now), _time));
        _time.Advance(2 * Second);
        Assert.False(bucket.TryTake(limit, 1, Now, out _));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(bucket.TryTake(limit, 1, Now, out _));
    }

    [Fact]
    public void In_the_long_run_a_bucket_gives_exactly_its_rate()
    {
        RateLimit limit = Limit(Rate.PerMinute(600, burst: 50));
        var bucket = default(TokenBucket);
        int taken = 0;
        for (int i = 0; i < 10_000; i++)
        {
            taken += bucket.TryTake(limit, 1, Now, out _) ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(taken, 1049, 1050);
    }

    [Fact]
    public void Threads_together_get_no_more_than_the_burst()
    {
        RateLimit limit = Limit(Rate.PerMinute(1, burst: 1000));
        var holder = new Holder();
        int taken = 0;
        Parallel.For(0, 5000, _ => Interlocked.Add(ref taken, holder.Bucket.TryTake(limit, 1, Now, out long _) ? 1 : 0));
        Assert.Equal(1000, taken);
    }

    [Fact]
    [Spec("S-488")]
    public void Without_a_limit_nothing_waits()
    {
        RateLimit none = Limit(Rate.Unlimited);
        var bucket = default(TokenBucket);
        bucket.Take(none, int.MaxValue, Now);
        Assert.True(bucket.TryTake(none, int.MaxValue, Now, out _));
        Assert.Equal(0, bucket.WaitFor(none, Now));
    }

    [Fact]
    [Spec("S-488")]
    public void Every_kind_of_command_has_its_bucket()
    {
        Rate slow = Rate.PerMinute(1, burst: 1);
        (SmpCommandTag[] Tags, Func<Rate, ConnectionRatesConfig> Limited)[] kinds =
        [
            ([SmpCommandTag.NEW], rate => None with { New = rate }),
            ([SmpCommandTag.SUB, SmpCommandTag.NSUB], rate => None with { Sub = rate }),
            ([SmpCommandTag.SEND, SmpCommandTag.PFWD], rate => None with { Send = rate }),
            ([SmpCommandTag.PRXY], rate => None with { Prxy = rate }),
            ([SmpCommandTag.RSLV], rate => None with { Rslv = rate }),
            ([SmpCommandTag.RFWD], rate => None with { Rfwd = rate }),
        ];
        foreach ((SmpCommandTag[] tags, Func<Rate, ConnectionRatesConfig> limited) in kinds)
        {
            var limits = new ConnectionLimits(limited(slow), _time);
            foreach (SmpCommandTag tag in Enum.GetValues<SmpCommandTag>())
            {
                var counts = default(CommandCounts);
                counts.Add(tag);
                var pace = default(ConnectionPace);
                Assert.Equal(0, pace.UnitsToWait(limits, Now));
                pace.Charge(limits, counts, Now);
                Assert.Equal(tags.Contains(tag), pace.UnitsToWait(limits, Now) > 0);
            }
        }
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("5 per second", "5 per second, burst 5")]
    [InlineData("5 per minute,burst 7", "5 per minute, burst 7")]
    [InlineData("1000000 per second, burst 10000000", "1000000 per second, burst 10000000")]
    public void Rates_are_read(string text, string read)
    {
        Parsed<Rate> parsed = Rate.Parse(text);
        Assert.True(parsed.Success);
        Assert.Equal(read, parsed.Value.ToString());
        Assert.Equal(parsed.Value, Rate.Parse(read).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-1 per second")]
    [InlineData("0 per second")]
    [InlineData("5 per hour")]
    [InlineData("5 per second burst 7")]
    [InlineData("5 per second, burst 0")]
    [InlineData("5 per second, burst")]
    [InlineData("1000001 per second")]
    [InlineData("5 per second, burst 10000001")]
    public void Other_texts_are_no_rates(string text) => Assert.Contains("100 per second, burst 500", Rate.Parse(text).Allowed);

    [Fact]
    public void The_largest_rates_do_not_overflow()
    {
        RateLimit limit = RateLimit.Of(Rate.PerMinute(1, burst: 10_000_000), TimeProvider.System);
        var bucket = default(TokenBucket);
        Assert.True(bucket.TryTake(limit, 255, TimeProvider.System.GetTimestamp(), out _));
        Assert.True(limit.Tolerance > 0);
        Assert.Equal(1, RateLimit.Of(Rate.PerSecond(1_000_000, burst: 1), new ManualTimeProvider()).Interval / 10);
    }

    private static ConnectionRatesConfig None { get; } =
        new(Rate.Unlimited, Rate.Unlimited, Rate.Unlimited, Rate.Unlimited, Rate.Unlimited, Rate.Unlimited);

    private long Now => _time.GetTimestamp();

    private RateLimit Limit(Rate rate) => RateLimit.Of(rate, _time);

    private sealed class Holder
    {
        public TokenBucket Bucket;
    }
}
