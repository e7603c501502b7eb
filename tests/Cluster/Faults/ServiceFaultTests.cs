using SimplexActors.Client;
using SimplexActors.Cluster.Load;
using SimplexActors.Cluster.Nodes;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster.Faults;

/// <summary>A client service that holds queues of all nodes loses its own node, and then nodes that own its queues.</summary>
[Collection(nameof(ClusterFixture))]
public sealed class ServiceFaultTests(ClusterFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public Task The_holder_of_a_service_and_owners_of_its_queues_are_killed() => fixture.RunAsync(output, "node of a service's holder killed", async cluster =>
    {
        (string certificates, string key) = await TestChain.CreatePemAsync(length: 2, KeyAlgorithm.Ed25519, days: 30, TestContext.Current.CancellationToken);
        using ServiceCredentials credentials = ServiceCredentials.FromPem(certificates, key);
        TestNode holder = cluster.Nodes[0];
        IReadOnlyList<TestNode> edges = [holder];
        await using ClusterLoad load = await ClusterLoad.StartAsync(
            cluster, () => Volatile.Read(ref edges), service: new ServiceLogin(ServiceRole.Messaging, credentials));

        TimeSpan longest = TimeSpan.Zero;
        foreach (TestNode victim in cluster.Nodes.ToArray())
        {
            // All clients sit on the first node until it dies, and on the last one from then on until that dies.
            Volatile.Write(ref edges, victim == cluster.Nodes[2] ? [cluster.Nodes[0]] : [cluster.Nodes[2]]);
            Task<TimeSpan> served = load.ServedAsync();
            await victim.KillAsync();
            TimeSpan time = await served;
            longest = time > longest ? time : longest;
            await victim.StartAsync();
            await cluster.Facts.SpreadAsync();
            await load.ServedAsync();
        }

        return new FaultResult(longest, await load.EndAsync());
    });
}
