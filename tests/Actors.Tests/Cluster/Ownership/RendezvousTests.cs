using System.Collections.Immutable;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>Who should own what.</summary>
public sealed class RendezvousTests
{
    [Fact]
    public void A_new_node_takes_its_share_from_the_others_and_moves_nothing_between_them()
    {
        for (int nodes = 1; nodes <= 8; nodes++)
        {
            ImmutableArray<NodeNumber> before = Owners(nodes);
            ImmutableArray<NodeNumber> after = Owners(nodes + 1);
            int[] moved = [.. Enumerable.Range(0, 256).Where(shard => before[shard] != after[shard])];
            Assert.All(moved, shard => Assert.Equal(nodes + 1, after[shard].Value));
            double share = 256.0 / (nodes + 1);
            Assert.InRange(moved.Length, share / 2, share * 2);
        }
    }

    [Fact]
    public void Neither_the_number_nor_the_order_of_the_nodes_counts()
    {
        ClusterNode[] nodes = [Node(7, "one"), Node(3, "two"), Node(5, "three")];
        ClusterNode[] others = [Node(12, "three"), Node(11, "two"), Node(10, "one")];
        Assert.Equal(
            Rendezvous.Owners(nodes, 256).Select(owner => nodes.Single(node => node.Number == owner).Name),
            Rendezvous.Owners(others, 256).Select(owner => others.Single(node => node.Number == owner).Name));
    }

    [Fact]
    public void A_node_that_leaves_should_own_nothing()
    {
        ClusterNode leaving = Node(1, "one") with { State = NodeState.Leaving };
        Assert.All(Rendezvous.Owners([leaving, Node(2, "two")], 256), owner => Assert.Equal(2, owner.Value));
        Assert.All(Rendezvous.Owners([leaving], 256), owner => Assert.True(owner.IsNone));
    }

    // Nodes of different releases must agree: these numbers never change.
    [Theory]
    [InlineData("router-0", 0)]
    [InlineData("router-0", 255)]
    [InlineData("router-1", 0)]
    public void Weights_are_the_same_in_every_release(string name, int shard) => Assert.Equal(Known[(name, shard)], Rendezvous.Weight(name, shard));

    private static Dictionary<(string Name, int Shard), ulong> Known { get; } = new()
    {
        [("router-0", 0)] = 10624783716154162670,
        [("router-0", 255)] = 14600596680243987628,
        [("router-1", 0)] = 6281877821051900462,
    };

    private static ImmutableArray<NodeNumber> Owners(int nodes) => Rendezvous.Owners([.. Enumerable.Range(1, nodes).Select(number => Node(number, $"router-{number}"))], 256);

    private static ClusterNode Node(int number, string name) => new(new NodeNumber(number), name, "127.0.0.1", 1, "1", NodeState.Live, 1, TimeSpan.Zero);
}
