using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Nodes.CommandLine.Cluster;
using Xunit;

namespace SimplexActors.Nodes.Tests.CommandLine.Cluster;

/// <summary>What a look at a cluster means.</summary>
public sealed class ClusterReportTests
{
    private static readonly OwnershipOptions Options = new();

    [Theory]
    [InlineData(5.9, null)]
    [InlineData(6, "a: silent for 6.0 s; it serves nothing now")]
    [InlineData(7.9, "a: silent for 7.9 s; it serves nothing now")]
    [InlineData(8, "a: silent for 8.0 s; the other nodes should have taken over its shards, if there are any")]
    public void A_silent_member_serves_until_its_lease_ends_and_is_replaced_later(double seconds, string? problem) => Assert.Equal(
        problem is null ? [] : [problem],
        ClusterReport.Of(Status(0, Node("a", seconds, 128), Node("b", 0, 128)), Options).Problems);

    [Fact]
    public void Shards_without_an_owner_are_counted() =>
        Assert.StartsWith("3 of 256 shards have no owner", Assert.Single(ClusterReport.Of(Status(3, Node("a", 0, 253)), Options).Problems), StringComparison.Ordinal);

    [Fact]
    public void Different_releases_and_members_without_shards_are_no_fault()
    {
        ClusterReport report = ClusterReport.Of(Status(0, Node("a", 0, 256), Node("b", 0, 0, "2.0.0")), Options);
        Assert.Empty(report.Problems);
        Assert.Equal(["b: has no shards yet", "nodes run different releases: 1.0.0, 2.0.0"], report.Notices);
    }

    [Fact]
    public void Without_members_nothing_is_served()
    {
        Assert.Equal(["no node is a member: nothing is served; start one"], ClusterReport.Of(Status(256), Options).Problems);
        Assert.Equal(["no node has joined yet: nothing is served"], ClusterReport.Of(new ClusterStatus(0, 0, [], []), Options).Problems);
    }

    private static ClusterStatus Status(int unowned, params NodeStatus[] nodes) => new(1, 256, [.. nodes], [.. Enumerable.Range(0, unowned)]);

    private static NodeStatus Node(string name, double silentSeconds, int shards, string release = "1.0.0") =>
        new(new ClusterNode(new NodeNumber(1), name, name, 5226, release, NodeState.Live, 1, TimeSpan.FromSeconds(silentSeconds)), shards);
}
