using SimplexActors.Client;
using SimplexActors.Cluster.Load;
using SimplexActors.Cluster.Nodes;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster.Faults;

/// <summary>A node that stops: its clients are served until each is released, one after the other.</summary>
[Collection(nameof(ClusterFixture))]
public sealed class DrainTests(ClusterFixture fixture, ITestOutputHelper output)
{
    private const int Clients = 10;

    [Fact]
    public Task Clients_of_a_node_that_stops_are_served_until_each_is_released() => fixture.UseAsync(output, async cluster =>
    {
        TestNode node = await cluster.AddNodeAsync();

        // About a second between two clients, so that a pause of this process is not taken for their end; and the time for a request
        // that a router has unless told otherwise.
        await node.StartAsync("cluster.drain_time=60 s", "cluster.request_timeout=15 s");
        await cluster.Facts.SpreadAsync();
        var clients = new List<(SmpClient Client, LoadQueue Queue)>();
        var closed = new List<Task>();
        for (int i = 0; i < Clients; i++)
        {
            SmpClient client = await SmpClient.ConnectAsync(node.Address, new SmpClientOptions(), TestContext.Current.CancellationToken);
            clients.Add((client, await LoadQueue.CreateAsync(client, $"q{i}")));
            closed.Add(ClosedAsync(client));
        }

        Task<(int Confirmed, string? Wrong)>[] uses = [.. clients.Select(each => UseAsync(each.Client, each.Queue))];
        long number = Assert.NotNull(await cluster.Facts.NumberOfAsync(node));
        node.Signal(RouterProgram.Sigterm);
        await ClusterFacts.UntilAsync(async () => await cluster.Facts.ShardsOfAsync(number) == 0);
        cluster.Note("the shards are elsewhere");

        // The others are still served when the first is released, and nobody new is.
        await await Task.WhenAny(closed);
        int left = closed.Count(task => !task.IsCompleted);
        await clients[^1].Client.SendAsync(clients[^1].Queue.Sender, LoadQueue.Body(0), cancellation: TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<SmpException>(() => SmpClient.ConnectAsync(node.Address, new SmpClientOptions(), TestContext.Current.CancellationToken));
        Assert.True(left > 1, $"{left} of {Clients} connections were left when the first was released");

        Assert.Equal(0, await node.ExitAsync());
        await Task.WhenAll(closed);
        Assert.All(await Task.WhenAll(uses), use => Assert.Null(use.Wrong));
        await cluster.RemoveAsync(node);
        await cluster.Facts.SpreadAsync();
        foreach ((SmpClient client, _) in clients)
        {
            await client.DisposeAsync();
        }
    });

    private static async Task ClosedAsync(SmpClient client)
    {
        await foreach (SmpEvent next in client.Events)
        {
            if (next is ConnectionClosed)
            {
                return;
            }
        }
    }

    /// <summary>Asks for things until the connection is over; nothing but that may go wrong.</summary>
    private static async Task<(int Confirmed, string? Wrong)> UseAsync(SmpClient client, LoadQueue queue)
    {
        for (int confirmed = 0; ; confirmed++)
        {
            SmpResult<SmpResponse> result = await client.SubscribeAsync(queue.Owner, CancellationToken.None).AsResult();
            if (!result.Succeeded)
            {
                return (confirmed, result.Failure is ConnectionLost ? null : $"after {confirmed}: {result.Failure}");
            }

            await Task.Delay(LoadTimes.Send);
        }
    }
}
