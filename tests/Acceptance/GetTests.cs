using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Messages asked for one by one, beside a subscription of another connection.</summary>
public sealed class GetTests(RouterFixture fixture) : IClassFixture<RouterFixture>
{
    private readonly TestRouter _router = fixture.Router;

    [Theory]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(20)]
    [Spec("S-273", "S-419")]
    public async Task Messages_can_be_asked_for(int version)
    {
        await using Peer owner = await _router.ConnectAsync(version);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        Assert.Null((await owner.Client.GetAsync(queue).AsResult()).Value);
        await owner.Client.SendAsync(queue.Unsecured(), "hello");
        ReceivedMessage message = (await owner.Client.GetAsync(queue).AsResult()).Value!;
        Assert.Equal("hello", message.Text());
        Assert.Equal(message.Id, (await owner.Client.GetAsync(queue).AsResult()).Value!.Id);
        Assert.IsType<OkResponse>(await owner.Client.AcknowledgeAsync(queue, message.Id));
        Assert.Null((await owner.Client.GetAsync(queue).AsResult()).Value);
        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-253", "S-270", "S-271", "S-292", "S-420")]
    public async Task A_getter_and_a_subscriber_see_the_same_messages()
    {
        await using Peer subscriber = await _router.ConnectAsync();
        await using Peer getter = await _router.ConnectAsync();
        using RecipientQueue queue = await subscriber.Client.CreateQueueAsync();
        foreach (string text in new[] { "one", "two", "three" })
        {
            await getter.Client.SendAsync(queue.Unsecured(), text);
        }

        ReceivedMessage one = await subscriber.MessageAsync(queue);
        ReceivedMessage got = (await getter.Client.GetAsync(queue).AsResult()).Value!;
        Assert.Equal((one.Id, "one", "one"), (got.Id, one.Text(), got.Text()));
        Assert.Equal(CmdError.Prohibited, await subscriber.Client.GetAsync(queue).ErrorAsync());
        Assert.Equal(CmdError.Prohibited, await getter.Client.SubscribeAsync(queue).ErrorAsync());
        Assert.Equal(SmpError.NoMsg, await getter.Client.AcknowledgeAsync(queue, EntityId.Random()).ErrorAsync());

        // The subscriber was first: the getter's late acknowledgement removes nothing and returns nothing.
        await subscriber.Client.AcknowledgeAsync(queue, one.Id);
        ReceivedMessage two = await subscriber.MessageAsync(queue);
        Assert.Equal("two", two.Text());
        Assert.IsType<OkResponse>(await getter.Client.AcknowledgeAsync(queue, one.Id));

        // The getter was first: the subscriber's late acknowledgement returns what is first now.
        Assert.Equal(two.Id, (await getter.Client.GetAsync(queue).AsResult()).Value!.Id);
        Assert.IsType<OkResponse>(await getter.Client.AcknowledgeAsync(queue, two.Id));
        await subscriber.Client.AcknowledgeAsync(queue, two.Id);
        Assert.Equal("three", await subscriber.ReceiveAsync(queue));
        Assert.Empty(await getter.CloseAsync());
        Assert.Empty(await subscriber.CloseAsync());
    }

    [Fact]
    [Spec("S-292")]
    public async Task A_stored_message_has_the_same_bytes_for_every_connection()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await owner.Client.SendAsync(queue.Unsecured(), "hello");
        var bodies = new List<byte[]>();
        for (int i = 0; i < 2; i++)
        {
            await using Wire wire = await _router.ConnectWireAsync();
            bodies.Add(Assert.IsType<MsgResponse>(await wire.AskAsync("GET", queue.RecipientId, queue.Key)).Encrypted.ToArray());
        }

        Assert.Equal(bodies[0], bodies[1]);
    }

    [Fact]
    [Spec("S-245", "S-248")]
    public async Task The_owner_learns_what_the_router_knows_of_a_queue()
    {
        await using Peer owner = await _router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        await owner.Client.SendAsync(queue.Unsecured(), "one");
        await owner.Client.SendAsync(queue.Unsecured(), "two");
        ReceivedMessage message = await owner.MessageAsync(queue);
        Protocol.Smp.QueueInfo info = await owner.Client.GetInfoAsync(queue);
        Assert.Equal((false, false, 2), (info.IsSecured, info.HasNotifier, info.Size));
        Assert.Equal(message.Id.ToArray(), info.NextMessage!.MessageId);
        Assert.Equal(message.Id.ToArray(), info.Subscription!.Delivered);
    }
}
