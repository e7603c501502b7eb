using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Links;

/// <summary>The hello of nodes and what they agree on.</summary>
public sealed class HelloTests
{
    private static readonly LinkHello Sample = new()
    {
        Versions = new LinkVersions(3, 5),
        Self = new NodeNumber(long.MaxValue),
        Dialled = new NodeNumber(7),
        ShardCount = 256,
        StreamWindowBytes = 1000,
        PostedBytes = 1L << 40,
        Cluster = new byte[LinkLimits.ClusterNameBytes],
    };

    [Fact]
    public void What_is_encoded_is_decoded_also_when_a_later_version_says_more()
    {
        byte[] bytes = Sample.Encode();
        Assert.Equal(bytes.Length - LinkHello.HeadBytes, LinkHello.LengthAfter(bytes));
        foreach (byte[] rest in new[] { bytes[LinkHello.HeadBytes..], [.. bytes[LinkHello.HeadBytes..], 1, 2, 3] })
        {
            LinkHello? decoded = LinkHello.TryDecode(rest);
            Assert.True(decoded!.Cluster.Span.SequenceEqual(Sample.Cluster.Span));
            Assert.Equal(Sample, decoded with { Cluster = Sample.Cluster });
        }
    }

    [Fact]
    public void Whatever_comes_is_a_hello_or_is_not()
    {
        var random = new Random(1);
        byte[] good = Sample.Encode();
        Assert.Null(LinkHello.LengthAfter("GET / HTTP"u8));
        for (int i = 0; i < 10_000; i++)
        {
            byte[] rest = good[LinkHello.HeadBytes..(LinkHello.HeadBytes + random.Next(good.Length - LinkHello.HeadBytes + 1))];
            if (rest.Length > 0)
            {
                rest[random.Next(rest.Length)] = (byte)random.Next(256);
            }

            LinkHello? decoded = LinkHello.TryDecode(rest);
            Assert.True(decoded is null || decoded.Versions.Min <= decoded.Versions.Max);
        }
    }

    [Fact]
    public void Both_ends_come_to_the_same_versions_and_the_lesser_limit()
    {
        LinkHello other = Sample with { Self = new NodeNumber(7), Dialled = NodeNumber.None, Versions = new LinkVersions(4, 9), PostedBytes = 5, StreamWindowBytes = 3 };
        LinkAgreement own = LinkAgreement.Of(Sample, other);
        LinkAgreement served = LinkAgreement.Of(other, Sample with { Dialled = new NodeNumber(7) });
        Assert.Equal((null, (ushort)5, 3, 5L), (own.Refusal, own.Version, own.StreamWindowBytes, own.PostedBytes));
        Assert.Equal((null, (ushort)5, 1000, 5L), (served.Refusal, served.Version, served.StreamWindowBytes, served.PostedBytes));
    }
}
