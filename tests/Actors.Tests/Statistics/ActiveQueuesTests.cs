using System.Security.Cryptography;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Statistics;

public sealed class ActiveQueuesTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(ShortHash.KeyLength);

    [Fact]
    [Spec("S-275", "S-283")]
    public void Every_queue_counts_once()
    {
        var active = new ActiveQueues(Key, day: 0);
        EntityId[] queues = [.. Enumerable.Range(0, 20_000).Select(_ => EntityId.Random())];
        for (int round = 0; round < 2; round++)
        {
            foreach (EntityId queue in queues)
            {
                active.Use(queue, notification: false);
            }
        }

        foreach (EntityId queue in queues[..50])
        {
            active.Use(queue, notification: true);
        }

        ActiveQueueCounts counts = active.Counts;
        Assert.Equal((20_000, 20_000, 20_000), (counts.Day.Count, counts.Week.Count, counts.Month.Count));
        Assert.Equal((50, 50, 50), (counts.NtfDay.Count, counts.NtfWeek.Count, counts.NtfMonth.Count));
        Assert.False(counts.Day.IsAtLeast);
    }

    [Fact]
    public void Beyond_the_bound_the_count_says_that_there_were_more()
    {
        var active = new ActiveQueues(Key, day: 0, limit: 160);
        for (int i = 0; i < 1_000; i++)
        {
            active.Use(EntityId.Random(), notification: false);
        }

        Assert.Equal(new DistinctCount(160, true), active.Counts.Month);
        Assert.Equal(new DistinctCount(0, false), active.Counts.NtfMonth);
    }

    [Fact]
    public void Another_key_gives_another_hash_and_the_same_key_the_same()
    {
        byte[] id = EntityId.Random().ToArray();
        byte[] other = RandomNumberGenerator.GetBytes(ShortHash.KeyLength);
        Assert.Equal(ShortHash.Compute(Key, id), ShortHash.Compute(Key, id));
        Assert.NotEqual(ShortHash.Compute(Key, id), ShortHash.Compute(other, id));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-3, 0)]
    [InlineData(5, 5)]
    [InlineData(6, 10)]
    [InlineData(30, 30)]
    [InlineData(31, 40)]
    [InlineData(61, 90)]
    [InlineData(180, 180)]
    [InlineData(181, 240)]
    [InlineData(3600, 3600)]
    [InlineData(3601, long.MaxValue)]
    [Spec("S-275")]
    public void Times_are_rounded_up_to_the_end_of_their_bucket(long seconds, long end) =>
        Assert.Equal(end, AckTimes.EndOf(AckTimes.BucketOf(seconds)));
}
