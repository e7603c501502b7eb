using System.Net;
using SimplexActors.Cluster.Faults;
using SimplexActors.Cluster.Network;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster;

/// <summary>The independent checks against a cluster: each of their connections reaches another node.</summary>
[Collection(nameof(ClusterFixture))]
public sealed class ClusterConformanceTests(ClusterFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public Task All_checks_of_an_independent_client_pass() => fixture.UseAsync(output, async cluster =>
    {
        var random = new Random(Random.Shared.Next());
        await using var relay = new TcpRelay(
            new IPEndPoint(IPAddress.Loopback, 0), () => cluster.Nodes[random.Next(cluster.Nodes.Count)].Clients);
        Assert.Null(await ConformanceChecks.FindFailureAsync(cluster.Address with { Port = (ushort)relay.Port }));
    });
}
