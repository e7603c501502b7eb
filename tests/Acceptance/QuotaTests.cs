using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>A full queue refuses its senders until it is empty again.</summary>
public sealed class QuotaTests(QuotaTests.TwoMessages fixture) : IClassFixture<QuotaTests.TwoMessages>
{
    /// <summary>A router whose queues hold two messages.</summary>
    public sealed class TwoMessages : RouterFixture
    {
        protected override string[] Settings => ["queues.message_quota=2"];
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(20)]
    [Spec("S-280", "S-281", "S-282", "S-421")]
    public async Task A_full_queue_refuses_until_its_marker_is_acknowledged(int version)
    {
        await using Peer owner = await fixture.Router.ConnectAsync(version);
        await using Peer sender = await fixture.Router.ConnectAsync(version);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        SenderQueue to = queue.Unsecured();
        await sender.Client.SendAsync(to, "one");
        await sender.Client.SendAsync(to, "two");
        Assert.Equal(SmpError.Quota, await sender.Client.SendAsync(to, "three").ErrorAsync());
        Assert.Equal(SmpError.Quota, await sender.Client.SendAsync(to, "three").ErrorAsync());

        Assert.Equal("one", await owner.ReceiveAsync(queue));
        Assert.Equal(SmpError.Quota, await sender.Client.SendAsync(to, "three").ErrorAsync());
        Assert.Equal("two", await owner.ReceiveAsync(queue));
        Assert.Equal(SmpError.Quota, await sender.Client.SendAsync(to, "three").ErrorAsync());
        ReceivedMessage marker = await owner.MessageAsync(queue);
        Assert.True(marker.IsQuotaMarker);
        await owner.Client.AcknowledgeAsync(queue, marker.Id);
        await sender.Client.SendAsync(to, "four");
        Assert.Equal("four", await owner.ReceiveAsync(queue));
        Assert.Empty(await owner.CloseAsync());
    }
}
