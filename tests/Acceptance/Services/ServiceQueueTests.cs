using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Services;

/// <summary>Queues that belong to a service: how they come to it, what it is sent, how they leave it.</summary>
public sealed class ServiceQueueTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Fact]
    [Spec("S-235", "S-264", "S-265", "S-266", "S-314", "S-316", "S-317", "S-318", "S-320", "S-321", "S-423")]
    public async Task One_command_subscribes_to_all_queues_of_a_service()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer sender = await _router.ConnectAsync();
        RecipientQueue queue;
        await using (Peer first = await service.ConnectAsync(_router))
        {
            queue = await first.Client.CreateQueueAsync();
            await sender.Client.SendAsync(queue.Unsecured(), "hello");
            await sender.Client.SendAsync(queue.Unsecured(), "hello 2");
            Assert.Equal("hello", await first.ReceiveAsync(queue));
            Assert.Equal("hello 2", await first.ReceiveAsync(queue));
            await sender.Client.SendAsync(queue.Unsecured(), "hello 3");
            await first.MessageAsync(queue);
        }

        await using Peer second = await service.ConnectAsync(_router);
        second.Client.Know(queue);
        ServiceQueues expected = TestService.Queues(queue.RecipientId);
        Assert.Equal(expected, await second.Client.SubscribeServiceAsync(expected));
        Assert.Equal("hello 3", await second.ReceiveAsync(queue));
        await second.NextAsync<ServiceDelivered>();
        await sender.Client.SendAsync(queue.Unsecured(), "hello 4");
        Assert.Equal("hello 4", await second.ReceiveAsync(queue));
        await sender.Client.SendAsync(queue.Unsecured(), "hello 5");
        Assert.Equal("hello 5", await second.ReceiveAsync(queue));

        Assert.Equal(expected, await second.Client.SubscribeServiceAsync(expected));
        Assert.Empty(await second.CloseAsync());
    }

    [Fact]
    [Spec("S-257", "S-310", "S-311", "S-312", "S-314", "S-316", "S-321", "S-324", "S-424")]
    public async Task Queues_come_to_a_service_and_leave_it()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer sender = await _router.ConnectAsync();
        await using Peer owner = await _router.ConnectAsync();
        RecipientQueue[] queues = [await Create(), await Create(), await Create()];
        await sender.Client.SendAsync(queues[0].Unsecured(), "before");
        await owner.MessageAsync(queues[0]);
        await using (Peer first = await service.ConnectAsync(_router))
        {
            EntityId id = first.Client.Service!.ServiceId;
            foreach (RecipientQueue queue in queues)
            {
                Assert.Equal(new SokResponse(id), await first.Client.SubscribeAsync(queue));
                Assert.Equal(queue.RecipientId, (await owner.NextAsync<SubscriptionEnded>()).Entity);
            }

            Assert.Equal("before", await first.ReceiveAsync(queues[0]));
            Assert.Equal(new SokResponse(id), await first.Client.SubscribeAsync(queues[0]));
        }

        await sender.Client.SendAsync(queues[0].Unsecured(), "a");
        await sender.Client.SendAsync(queues[2].Unsecured(), "c");
        await using Peer second = await service.ConnectAsync(_router);
        Array.ForEach(queues, second.Client.Know);
        Assert.Equal(Of(queues), await second.Client.SubscribeServiceAsync(new ServiceQueues(17, EntityId.Random())));
        Assert.Equal(["a", "c"], (await TwoAsync(second)).Order());
        await second.NextAsync<ServiceDelivered>();

        // Nobody subscribed to the second one by name since: its service is told all the same.
        Assert.Equal(SokResponse.Plain, await owner.Client.SubscribeAsync(queues[1]));
        Assert.Equal(queues[1].RecipientId, (await second.NextAsync<SubscriptionEnded>()).Entity);
        await sender.Client.SendAsync(queues[1].Unsecured(), "mine");
        Assert.Equal("mine", await owner.ReceiveAsync(queues[1]));
        Assert.Equal(SokResponse.Plain, await owner.Client.SubscribeAsync(queues[0]));
        Assert.Equal(queues[0].RecipientId, (await second.NextAsync<SubscriptionEnded>()).Entity);
        Assert.Equal(Of(queues[2]), await second.Client.SubscribeServiceAsync());
        Assert.Empty(await second.CloseAsync());

        async Task<RecipientQueue> Create() => await owner.Client.CreateQueueAsync();
        static ServiceQueues Of(params RecipientQueue[] of) => TestService.Queues([.. of.Select(queue => queue.RecipientId)]);
    }

    [Fact]
    [Spec("S-244", "S-258", "S-323", "S-324")]
    public async Task A_deleted_queue_is_told_to_its_service_and_not_counted()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer owner = await _router.ConnectAsync();
        RecipientQueue unattached, attached, own;
        await using (Peer first = await service.ConnectAsync(_router))
        {
            unattached = await first.Client.CreateQueueAsync();
            attached = await first.Client.CreateQueueAsync();
            own = await first.Client.CreateQueueAsync();
        }

        await using Peer holder = await service.ConnectAsync(_router);
        holder.Client.Know(attached);
        Assert.Equal(3, (await holder.Client.SubscribeServiceAsync()).Count);
        await holder.NextAsync<ServiceDelivered>();
        await owner.Client.SendAsync(attached.Unsecured(), "x");
        await holder.MessageAsync(attached);
        await owner.Client.DeleteAsync(unattached);
        Assert.Equal(unattached.RecipientId, (await holder.NextAsync<QueueDeleted>()).Entity);
        await owner.Client.DeleteAsync(attached);
        Assert.Equal(attached.RecipientId, (await holder.NextAsync<QueueDeleted>()).Entity);
        await holder.Client.DeleteAsync(own);
        Assert.Equal(TestService.Queues(), await holder.Client.SubscribeServiceAsync());
        Assert.Empty(await holder.CloseAsync());
    }

    [Fact]
    [Spec("S-310", "S-311")]
    public async Task A_queue_changes_from_one_service_to_another()
    {
        using TestService one = await TestService.CreateAsync();
        using TestService two = await TestService.CreateAsync();
        await using Peer first = await one.ConnectAsync(_router);
        await using Peer second = await two.ConnectAsync(_router);
        await using Peer sender = await _router.ConnectAsync();
        using RecipientQueue queue = await first.Client.CreateQueueAsync();
        Assert.Equal(new SokResponse(second.Client.Service!.ServiceId), await second.Client.SubscribeAsync(queue));
        Assert.Equal(queue.RecipientId, (await first.NextAsync<SubscriptionEnded>()).Entity);
        await sender.Client.SendAsync(queue.Unsecured(), "to the second");
        Assert.Equal("to the second", await second.ReceiveAsync(queue));
        Assert.Equal(TestService.Queues(), await first.Client.SubscribeServiceAsync());
        Assert.Equal(TestService.Queues(queue.RecipientId), await second.Client.SubscribeServiceAsync());
        await first.NextAsync<ServiceDelivered>();
        Assert.Empty(await first.CloseAsync());
    }

    [Fact]
    [Spec("S-191", "S-321", "S-323", "S-373")]
    public async Task Counters_and_messages_survive_a_kill()
    {
        using var folder = new TemporaryFolder();
        using TestService service = await TestService.CreateAsync();
        var queues = new List<RecipientQueue>();
        await using (TestRouter before = await TestRouter.StartAsync(folder.Path))
        {
            await using Peer sender = await before.ConnectAsync();
            await using Peer peer = await service.ConnectAsync(before);
            for (int i = 0; i < 10; i++)
            {
                queues.Add(await peer.Client.CreateQueueAsync());
            }

            await peer.Client.DeleteAsync(queues[9]);
            await sender.Client.SubscribeAsync(queues[8]);
            queues.RemoveRange(8, 2);
            await sender.Client.SendAsync(queues[3].Unsecured(), "kept");
            before.Program.Signal(RouterProgram.Sigkill);
            await before.Program.ExitAsync();
        }

        await using TestRouter after = await TestRouter.StartAsync(folder.Path);
        await using Peer again = await service.ConnectAsync(after);
        queues.ForEach(again.Client.Know);
        Assert.Equal(TestService.Queues([.. queues.Select(queue => queue.RecipientId)]), await again.Client.SubscribeServiceAsync());
        Assert.Equal("kept", await again.ReceiveAsync(queues[3]));
        await again.NextAsync<ServiceDelivered>();
    }

    [Fact]
    [Spec("S-253", "S-273")]
    public async Task GET_keeps_its_meaning_in_a_service_session()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer sender = await _router.ConnectAsync();
        RecipientQueue queue;
        await using (Peer first = await service.ConnectAsync(_router))
        {
            queue = await first.Client.CreateQueueAsync();
        }

        await using Peer holder = await service.ConnectAsync(_router);
        await holder.Client.SubscribeServiceAsync();
        await holder.NextAsync<ServiceDelivered>();
        Assert.Null(await holder.Client.GetAsync(queue));
        await sender.Client.SendAsync(queue.Unsecured(), "asked for");
        ReceivedMessage? got = await holder.Client.GetAsync(queue);
        Assert.Equal("asked for", got!.Text());
        Assert.Equal(CmdError.Prohibited, await holder.Client.SubscribeAsync(queue).ErrorAsync());
        Assert.Empty(await holder.CloseAsync());
    }

    [Fact]
    [Spec("S-335")]
    public async Task A_connection_that_holds_a_service_is_never_inactive()
    {
        using var folder = new TemporaryFolder();
        await using TestRouter router = await TestRouter.StartAsync(
            folder.Path, "inactive_clients.ttl=5 s", "inactive_clients.disconnect=on", "limits.block_timeout=1 s");
        using TestService service = await TestService.CreateAsync();
        await using Peer holder = await service.ConnectAsync(router);
        await holder.Client.SubscribeServiceAsync();
        await holder.NextAsync<ServiceDelivered>();

        // Silent for a shorter time than the holder.
        await using Peer idle = await router.ConnectAsync();
        await idle.NextAsync<ConnectionClosed>();
        await holder.Client.PingAsync();
    }

    private static async Task<string[]> TwoAsync(Peer peer)
    {
        var texts = new string[2];
        for (int i = 0; i < texts.Length; i++)
        {
            var received = await peer.NextAsync<MessageReceived>();
            await peer.Client.AcknowledgeAsync(received);
            texts[i] = received.Message.Text();
        }

        return texts;
    }
}
