using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>A store at the size that the operator allows takes nothing more, and everything else goes on.</summary>
public sealed class StorageLimitTests : IDisposable
{
    private const int BodyBytes = 15_000;
    private const int Queues = 5;

    /// <summary>A failure bound: the router looks every second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Spec("S-219", "S-488")]
    public async Task A_full_store_refuses_queues_and_messages_until_there_is_room()
    {
        await using TestRouter router = await TestRouter.StartAsync(
            _folder.Path, "store.max_size=2 MiB", "queues.message_quota=65536");
        await using Peer owner = await router.ConnectAsync();
        var queues = new RecipientQueue[Queues];
        for (int i = 0; i < Queues; i++)
        {
            queues[i] = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        }

        // What stays must be little, however much a fast machine sends between two looks.
        Assert.True((await SendAsync(owner, queues[^1])).Succeeded);
        int[] confirmed = await FillAsync(owner, queues[..^1]);
        Assert.Equal(StoreError.Unavailable, await owner.Client.CreateQueueAsync().ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.SendAsync(new SenderQueue(queues[0].RecipientId), "to nobody").ErrorAsync());

        // Reading and freeing go on.
        await owner.Client.SubscribeAsync(queues[0]);
        for (int i = 0; i < confirmed[0]; i++)
        {
            ReceivedMessage message = await owner.MessageAsync(queues[0]);
            Assert.Equal(BodyBytes, message.Body.Length);
            await owner.Client.AcknowledgeAsync(queues[0], message.Id);
        }

        await owner.Client.EnableNotificationsAsync(queues[1]);
        for (int i = 1; i < Queues - 1; i++)
        {
            await owner.Client.DeleteAsync(queues[i]);
        }

        await UntilAsync(async () => (await SendAsync(owner, queues[^1])).Succeeded);
        using RecipientQueue another = await owner.Client.CreateQueueAsync();
        Assert.Equal(2, (await owner.Client.GetInfoAsync(queues[^1])).Size);
        await router.StopAsync(RouterProgram.Sigterm);
        string log = await router.Program.ErrorsAsync();
        Assert.Equal(2, log.Split("The store is at its limit").Length);
        Assert.Equal(2, log.Split("The store has room again").Length);
    }

    [Fact]
    [Spec("S-219")]
    public async Task Too_little_free_disk_is_no_room_either()
    {
        RecipientQueue queue;
        await using (TestRouter router = await TestRouter.StartAsync(_folder.Path))
        {
            await using Peer owner = await router.ConnectAsync();
            queue = await owner.Client.CreateQueueAsync();
            await owner.Client.SendAsync(queue.Unsecured(), "before");
            await router.StopAsync(RouterProgram.Sigterm);
        }

        await using TestRouter full = await TestRouter.StartAsync(_folder.Path, "store.min_free_disk=1000000 TiB");
        await using Peer again = await full.ConnectAsync();
        await UntilAsync(async () => await again.Client.CreateQueueAsync().ErrorAsync() == StoreError.Unavailable);
        Assert.Equal(StoreError.Unavailable, await again.Client.SendAsync(queue.Unsecured(), "refused").ErrorAsync());
        await again.Client.SubscribeAsync(queue);
        Assert.Equal("before", await again.ReceiveAsync(queue));
        await again.Client.DeleteAsync(queue);
        queue.Dispose();
    }

    /// <summary>Sends to all queues in turn until all of them refuse.</summary>
    private static async Task<int[]> FillAsync(Peer owner, RecipientQueue[] queues)
    {
        int[] confirmed = new int[queues.Length];
        int refused = 0;
        for (int i = 0; refused < queues.Length; i = (i + 1) % queues.Length)
        {
            SmpResult<SmpResponse> result = await SendAsync(owner, queues[i]);
            if (result.Succeeded)
            {
                confirmed[i]++;
                refused = 0;
            }
            else
            {
                Assert.Equal(StoreError.Unavailable, result.Error);
                refused++;
            }
        }

        return confirmed;
    }

    private static ValueTask<SmpResult<SmpResponse>> SendAsync(Peer owner, RecipientQueue queue) =>
        owner.Client.SendAsync(queue.Unsecured(), new byte[BodyBytes]).AsResult();

    private static async Task UntilAsync(Func<Task<bool>> succeeds)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        while (!await succeeds())
        {
            giveUp.Token.ThrowIfCancellationRequested();
        }
    }
}
