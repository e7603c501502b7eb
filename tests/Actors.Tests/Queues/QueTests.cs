using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class QueTests
{
    private readonly TestConnection _client = new("client");

    [Fact]
    [Spec("S-245", "S-248")]
    public void An_unused_queue_has_little_to_tell()
    {
        QueueInfo info = Ask(new TestQueue(), _client);
        Assert.Equal(new QueueInfo { IsSecured = false, HasNotifier = false, Size = 0 }, info);
    }

    [Fact]
    [Spec("S-245", "S-248")]
    public void The_subscription_told_is_the_asking_connections()
    {
        var getter = new TestConnection("getter");
        var queue = new TestQueue(options: new QueueOptions { QuotaMessages = 1 }, creator: _client);
        queue.Do(_client, new SkeyCommand(TestQueue.NewKey()));
        queue.EnableNotifications(_client);
        EntityId sent = queue.Send();
        EntityId marker = queue.Send(answer: QuotaError);
        queue.Do(getter, new GetCommand());

        QueueInfo info = Ask(queue, _client);
        Assert.True(info.IsSecured);
        Assert.True(info.HasNotifier);
        Assert.Equal(2, info.Size);
        Assert.Equal(QueueSubscriptionState.NoSub, info.Subscription!.State);
        Assert.Equal(sent.ToArray(), info.Subscription.Delivered);
        Assert.Equal(sent.ToArray(), info.NextMessage!.MessageId);
        Assert.Equal(QueueMessageKind.Message, info.NextMessage.Kind);
        Assert.Equal(queue.Now, info.NextMessage.Timestamp);

        Assert.Equal(QueueSubscriptionState.Prohibited, Ask(queue, getter).Subscription!.State);
        Assert.Null(Ask(queue, new TestConnection("other")).Subscription);

        queue.Do(getter, new AckCommand(sent));
        info = Ask(queue, _client);
        Assert.Equal(sent.ToArray(), info.Subscription!.Delivered);
        Assert.Equal(marker.ToArray(), info.NextMessage!.MessageId);
        Assert.Equal(QueueMessageKind.Quota, info.NextMessage.Kind);
    }

    private static QueueInfo Ask(TestQueue queue, TestConnection by)
    {
        var answer = Assert.IsType<Received.Answer>(Assert.Single(queue.Do(by, new QueCommand())));
        Assert.True(QueueInfo.TryParse(Assert.IsType<InfoResponse>(answer.Response).Json.Span, out QueueInfo? info));
        return info;
    }
}
