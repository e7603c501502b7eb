using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Services;

/// <summary>Several connections of one service.</summary>
public sealed class ServiceTakeoverTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Fact]
    [Spec("S-200", "S-261", "S-274", "S-313", "S-314", "S-316", "S-482")]
    public async Task The_whole_service_can_be_taken_over_and_taken_back()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer sender = await _router.ConnectAsync();
        await using Peer first = await service.ConnectAsync(_router);
        await using Peer second = await service.ConnectAsync(_router);
        RecipientQueue[] queues = await CreateAsync(first, 3);
        Array.ForEach(queues, second.Client.Know);
        Array.ForEach(queues, first.Client.Know);
        ServiceQueues all = TestService.Queues([.. queues.Select(queue => queue.RecipientId)]);
        await sender.Client.SendAsync(queues[0].Unsecured(), "unacknowledged");
        await first.MessageAsync(queues[0]);

        Assert.Equal(all, await second.Client.SubscribeServiceAsync(all));
        Assert.Equal(all, (await first.NextAsync<ServiceEnded>()).Had);
        ReceivedMessage again = await second.MessageAsync(queues[0]);
        Assert.Equal("unacknowledged", again.Text());
        await second.NextAsync<ServiceDelivered>();
        Assert.Equal(Protocol.Smp.Errors.SmpError.NoMsg, await first.Client.AcknowledgeAsync(queues[0], again.Id).ErrorAsync());
        await second.Client.AcknowledgeAsync(queues[0], again.Id);
        await sender.Client.SendAsync(queues[1].Unsecured(), "to the second");
        Assert.Equal("to the second", await second.ReceiveAsync(queues[1]));
        await sender.Client.SendAsync(queues[2].Unsecured(), "waits");
        await second.MessageAsync(queues[2]);

        Assert.Equal(all, await first.Client.SubscribeServiceAsync(all));
        Assert.Equal(all, (await second.NextAsync<ServiceEnded>()).Had);
        Assert.Equal("waits", await first.ReceiveAsync(queues[2]));
        await first.NextAsync<ServiceDelivered>();
        await sender.Client.SendAsync(queues[1].Unsecured(), "to the first");
        Assert.Equal("to the first", await first.ReceiveAsync(queues[1]));
        Assert.Empty(await second.CloseAsync());
        Assert.Empty(await first.CloseAsync());
    }

    [Fact]
    [Spec("S-250", "S-483")]
    public async Task A_subscription_to_one_queue_leaves_the_rest_of_the_service_where_it_is()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer sender = await _router.ConnectAsync();
        await using Peer holder = await service.ConnectAsync(_router);
        RecipientQueue[] queues = await CreateAsync(holder, 3);
        await holder.Client.SubscribeServiceAsync();
        await holder.NextAsync<ServiceDelivered>();
        await using Peer other = await service.ConnectAsync(_router);
        await other.Client.SubscribeAsync(queues[0]);
        Assert.Equal(queues[0].RecipientId, (await holder.NextAsync<SubscriptionEnded>()).Entity);
        RecipientQueue created = await other.Client.CreateQueueAsync();
        foreach ((RecipientQueue queue, Peer receiver) in new[] { (queues[0], other), (queues[1], holder), (queues[2], holder), (created, other) })
        {
            await sender.Client.SendAsync(queue.Unsecured(), "to whoever subscribed");
            Assert.Equal("to whoever subscribed", await receiver.ReceiveAsync(queue));
        }

        Assert.Empty(await other.CloseAsync());
        holder.Client.Know(created);
        holder.Client.Know(queues[0]);
        await sender.Client.SendAsync(created.Unsecured(), "the other is gone");
        Assert.Equal("the other is gone", await holder.ReceiveAsync(created));
        Assert.Empty(await holder.CloseAsync());
    }

    [Fact]
    [Spec("S-200", "S-313", "S-483")]
    public async Task Who_loses_the_last_queue_has_lost_the_service()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer first = await service.ConnectAsync(_router);
        await using Peer second = await service.ConnectAsync(_router);
        RecipientQueue[] queues = await CreateAsync(first, 2);
        await second.Client.SubscribeAsync(queues[0]);
        Assert.Equal(queues[0].RecipientId, (await first.NextAsync<SubscriptionEnded>()).Entity);
        await second.Client.SubscribeAsync(queues[1]);
        Assert.Equal(TestService.Queues(queues[1].RecipientId), (await first.NextAsync<ServiceEnded>()).Had);

        // What comes for other queues now goes to the connection that is left.
        await using Peer third = await service.ConnectAsync(_router);
        RecipientQueue later = (await CreateAsync(third, 1))[0];
        await third.CloseAsync();
        second.Client.Know(later);
        await using Peer sender = await _router.ConnectAsync();
        await sender.Client.SendAsync(later.Unsecured(), "left");
        Assert.Equal("left", await second.ReceiveAsync(later));
        Assert.Empty(await first.CloseAsync());
    }

    [Fact]
    [Spec("S-261", "S-274", "S-313")]
    public async Task When_the_holder_ends_the_others_get_what_it_did_not_acknowledge()
    {
        using TestService service = await TestService.CreateAsync();
        await using Peer sender = await _router.ConnectAsync();
        await using Peer holder = await service.ConnectAsync(_router);
        RecipientQueue[] queues = await CreateAsync(holder, 2);
        await holder.Client.SubscribeServiceAsync();
        await holder.NextAsync<ServiceDelivered>();
        await using Peer other = await service.ConnectAsync(_router);
        await other.Client.SubscribeAsync(queues[1]);
        other.Client.Know(queues[0]);
        await sender.Client.SendAsync(queues[0].Unsecured(), "inherited");
        await holder.NextAsync<SubscriptionEnded>();
        await holder.MessageAsync(queues[0]);
        await holder.CloseAsync();
        Assert.Equal("inherited", await other.ReceiveAsync(queues[0]));
    }

    /// <summary>
    /// Connections take a service from each other while messages are sent to it: every message is received, and those of
    /// one queue in their order, repetitions aside.
    /// </summary>
    [Fact]
    [Spec("S-264", "S-274", "S-313", "S-316", "S-318", "S-482")]
    public async Task Nothing_is_lost_while_connections_take_the_service_from_each_other()
    {
        const int Queues = 40;
        const int Messages = 25;
        const int Takeovers = 30;
        using TestService service = await TestService.CreateAsync();
        await using Peer sender = await _router.ConnectAsync();
        RecipientQueue[] queues;
        await using (Peer creator = await service.ConnectAsync(_router))
        {
            queues = await CreateAsync(creator, Queues);
        }

        var receiver = new ServiceReceiver(Queues * Messages);
        await using SmpClient first = await ConnectAsync(service, queues);
        await using SmpClient second = await ConnectAsync(service, queues);
        Task[] receiving = [receiver.ReceiveAsync(first), receiver.ReceiveAsync(second)];
        Task sending = SendAsync();
        for (int i = 0; i < Takeovers; i++)
        {
            await (i % 2 == 0 ? first : second).SubscribeServiceAsync(cancellation: TestContext.Current.CancellationToken);
        }

        await sending;
        await receiver.Complete.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await first.DisposeAsync();
        await second.DisposeAsync();
        await Task.WhenAll(receiving);
        Assert.All(queues, queue => Assert.Equal(Enumerable.Range(0, Messages), receiver.Of(queue)));

        async Task SendAsync()
        {
            for (int message = 0; message < Messages; message++)
            {
                await Task.WhenAll(queues.Select(queue => sender.Client.SendAsync(queue.Unsecured(), message.ToString()).AsTask()));
            }
        }
    }

    private static async Task<RecipientQueue[]> CreateAsync(Peer peer, int count)
    {
        var queues = new RecipientQueue[count];
        for (int i = 0; i < count; i++)
        {
            queues[i] = await peer.Client.CreateQueueAsync();
        }

        return queues;
    }

    private async Task<SmpClient> ConnectAsync(TestService service, RecipientQueue[] queues)
    {
        SmpClient client = await SmpClient.ConnectAsync(_router.Address, service.Options(), TestContext.Current.CancellationToken);
        Array.ForEach(queues, client.Know);
        return client;
    }
}
