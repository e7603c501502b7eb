using SimplexActors.Client;
using SimplexActors.Cluster.Load;
using SimplexActors.Nodes.LocalCluster;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Cluster.Migration;

/// <summary>A router that ran alone goes on as a node of a cluster, and that with another number of shards.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Queues_and_messages_of_a_single_router_are_served_by_a_cluster()
    {
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Missing);
        await using PrivatePostgres postgres = await PostgresServer.StartOwnAsync();
        await RunAsync("init", "--host", "localhost", "--no-password", "--smp-port", "0", "--config", "r.conf");
        var queues = new List<LoadQueue>();
        await using (RouterProgram alone = RouterProgram.Start(_folder.Path, ["start", "--config", "r.conf"]))
        {
            await using SmpClient client = await ConnectAsync(alone);
            for (int i = 0; i < 20; i++)
            {
                queues.Add(await LoadQueue.CreateAsync(client, $"q{i}"));
                await client.SendAsync(queues[i].Sender, LoadQueue.Body(i), cancellation: Cancellation);
            }

            alone.Signal(RouterProgram.Sigterm);
            Assert.Equal(0, await alone.ExitAsync());
        }

        await RunAsync("store", "migrate", "--config", "r.conf", "--to", postgres.ConnectionString(), "--node", "n1");
        await RunAsync("cluster", "init", "cluster", "--node", "n1");
        await ServeAsync(postgres, queues, shards: 256);

        // Which of the nodes' parts a queue belongs to is stored nowhere.
        await RunAsync("cluster", "shards", "64", "--database", postgres.ConnectionString());
        await ServeAsync(postgres, queues, shards: 64);
    }

    /// <summary>Starts a node, receives the message of every queue and stops it; nothing is acknowledged.</summary>
    private async Task ServeAsync(PrivatePostgres postgres, List<LoadQueue> queues, int shards)
    {
        string[] settings =
        [
            $"store.postgres={postgres.ConnectionString()}", "cluster.node=n1", "cluster.link_port=0", "cluster.link_bind=127.0.0.1", "cluster.link_host=127.0.0.1",
            $"cluster.shards={shards}",
        ];
        await using RouterProgram node = RouterProgram.Start(_folder.Path, ["start", "--config", "r.conf", .. settings.SelectMany(setting => (string[])["--set", setting])]);
        await using SmpClient client = await ConnectAsync(node);
        foreach (LoadQueue queue in queues)
        {
            await client.SubscribeAsync(queue.Owner, Cancellation);
        }

        var found = new Dictionary<LoadQueue, int>();
        await foreach (SmpEvent next in client.Events.WithCancellation(Cancellation))
        {
            var received = Assert.IsType<MessageReceived>(next);
            found[queues.Single(queue => queue.Owner.RecipientId == received.Queue.RecipientId)] = LoadQueue.NumberOf(received.Message);
            if (found.Count == queues.Count)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, queues.Count), queues.Select(queue => found[queue]));
        await client.SendAsync(queues[0].Sender, LoadQueue.Body(100), cancellation: Cancellation);
        node.Signal(RouterProgram.Sigterm);
        Assert.Equal(0, await node.ExitAsync());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<SmpClient> ConnectAsync(RouterProgram router)
    {
        string address = await router.ReadLineAsync() ?? throw new InvalidOperationException(await router.ErrorsAsync());
        return await SmpClient.ConnectAsync(RouterAddress.Parse(address), new SmpClientOptions(), Cancellation);
    }

    private async Task RunAsync(params string[] arguments)
    {
        (int code, _, string errors) = await RouterProgram.RunAsync(_folder.Path, arguments);
        Assert.True(code == 0, errors);
    }
}
