using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class SendTests
{
    private readonly TestConnection _recipient = new("recipient");
    private readonly TestConnection _sender = new("sender");

    [Theory]
    [Spec("S-076", "S-079", "S-276", "S-410", "S-470")]
    [InlineData(20, 16048)]
    [InlineData(11, 16048)]
    [InlineData(10, 16064)]
    [InlineData(8, 16064)]
    [InlineData(7, 16088)]
    [InlineData(6, 16088)]
    public void The_largest_body_depends_on_the_version(ushort version, int bytes)
    {
        var queue = new TestQueue();
        Assert.Equal([Ok], queue.Do(_sender, new SendCommand(false, new byte[bytes]), Fresh(), version));
        Assert.Equal([Error(SmpError.LargeMsg)], queue.Do(_sender, new SendCommand(false, new byte[bytes + 1]), Fresh(), version));
        Assert.Single(queue.Store.Messages);
    }

    [Fact]
    [Spec("S-276", "S-277")]
    public void Size_is_checked_before_status()
    {
        var queue = new TestQueue();
        queue.Do(_recipient, new OffCommand());
        Assert.Equal([Error(SmpError.LargeMsg)], queue.Do(_sender, new SendCommand(false, new byte[16049])));
        Assert.Equal([Auth], queue.Do(_sender, new SendCommand(false, new byte[16048])));
    }

    [Fact]
    [Spec("S-277", "S-246")]
    public void A_blocked_queue_answers_why()
    {
        var queue = new TestQueue();
        var info = new BlockingInfo(BlockingReason.Spam);
        queue.Tell(new QueueCommand.Block(info, new TestStatus()));
        Assert.Equal([Error(new BlockedError(info))], queue.Do(_sender, new SendCommand(false, default), Fresh()));
        Assert.Empty(queue.Store.Messages);
    }

    [Fact]
    [Spec("S-264", "S-268", "S-279")]
    public void A_waiting_subscriber_gets_the_body_from_memory_before_the_sender_gets_OK()
    {
        var queue = new TestQueue(creator: _recipient);
        byte[] body = [1, 2, 3];
        EntityId id = queue.Send(body: body, by: _recipient);
        Assert.Equal(24, id.Length);
        Assert.Collection(
            queue.LastEffects,
            effect =>
            {
                var deliver = Assert.IsType<QueueEffect.Deliver>(effect);
                Assert.Equal(new MessageHeader(1, id, queue.Now.ToUnixTimeSeconds(), false, false), deliver.Delivery.Header);
                Assert.Equal(body, deliver.Delivery.Body!.Value.ToArray());
                Assert.Equal(queue.Record.DhSecret, deliver.Delivery.DhSecret);
            },
            effect => Assert.IsType<QueueEffect.Reply>(effect));
    }

    [Fact]
    [Spec("S-011", "S-279")]
    public void A_message_has_the_second_in_which_it_came()
    {
        var queue = new TestQueue { Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddTicks(TimeSpan.TicksPerSecond - 1) };
        queue.Send();
        Assert.Equal(1_700_000_000, Assert.Single(queue.Store.Messages).Timestamp);
    }

    [Fact]
    [Spec("S-264", "S-265", "S-414")]
    public void Nothing_more_is_pushed_until_the_message_is_acknowledged()
    {
        var queue = new TestQueue(creator: _recipient);
        EntityId first = queue.Send();
        EntityId second = queue.Send();
        Assert.Equal([first], Pushed(_recipient.Take()));
        Assert.Equal([new Received.Message(second)], queue.Do(_recipient, new AckCommand(first)));
        Assert.Equal([Ok], queue.Do(_recipient, new AckCommand(second)));
        EntityId third = queue.Send();
        Assert.Equal([third], Pushed(_recipient.Take()));
    }

    [Fact]
    [Spec("S-280", "S-281", "S-282", "S-421")]
    public void The_quota_opens_again_only_when_the_queue_is_empty()
    {
        var queue = new TestQueue(options: new QueueOptions { QuotaMessages = 2 }, creator: _recipient);
        EntityId first = queue.Send();
        EntityId second = queue.Send();
        EntityId marker = queue.Send(notify: true, answer: QuotaError, body: new byte[10]);
        queue.Send(answer: QuotaError);
        Assert.Equal(3, queue.Store.Messages.Count);
        Assert.Equal(new MessageHeader(3, marker, queue.Now.ToUnixTimeSeconds(), false, true), queue.Store.Messages[^1]);
        Assert.Equal([first], Pushed(_recipient.Take()));

        Assert.Equal([new Received.Message(second)], queue.Do(_recipient, new AckCommand(first)));
        queue.Send(answer: QuotaError);
        Assert.Equal([new Received.Message(marker)], queue.Do(_recipient, new AckCommand(second)));
        Assert.Equal(0, Assert.IsType<QueueEffect.ReplyMessage>(queue.LastEffects[^1]).Delivery.Body!.Value.Length);
        queue.Send(answer: QuotaError);
        Assert.Equal([Ok], queue.Do(_recipient, new AckCommand(marker)));
        queue.Send();
    }

    [Fact]
    [Spec("S-280")]
    public void A_queue_holds_128_messages_and_a_marker()
    {
        var queue = new TestQueue();
        for (int i = 0; i < 128; i++)
        {
            queue.Send();
        }

        queue.Send(answer: QuotaError);
        queue.Send(answer: QuotaError);
        Assert.Equal(129, queue.Store.Messages.Count);
    }

    [Fact]
    [Spec("S-427", "S-383", "S-374")]
    public void Messages_and_the_marker_come_back_in_order_after_restarts()
    {
        var queue = new TestQueue(options: new QueueOptions { QuotaMessages = 4 });
        EntityId[] sent = [queue.Send(), queue.Send(), queue.Send(), queue.Send(), queue.Send(answer: QuotaError)];
        queue.Restart();
        Assert.Equal([sent[0]], Pushed(queue.Do(_recipient, new SubCommand())));
        Assert.Equal([new Received.Message(sent[1])], queue.Do(_recipient, new AckCommand(sent[0])));
        queue.Restart();
        queue.Send(answer: QuotaError);
        Assert.Equal([sent[1]], Pushed(queue.Do(_recipient, new SubCommand())));
        Assert.Equal([new Received.Message(sent[2])], queue.Do(_recipient, new AckCommand(sent[1])));
        Assert.Equal([new Received.Message(sent[3])], queue.Do(_recipient, new AckCommand(sent[2])));
        Assert.Equal([new Received.Message(sent[4])], queue.Do(_recipient, new AckCommand(sent[3])));
        Assert.Equal([Ok], queue.Do(_recipient, new AckCommand(sent[4])));
    }

    [Fact]
    [Spec("S-422", "S-478")]
    public void No_push_is_lost_when_SUB_and_SEND_interleave()
    {
        foreach (bool subscribeFirst in (bool[])[true, false])
        {
            var queue = new TestQueue();
            if (subscribeFirst)
            {
                queue.Do(_recipient, new SubCommand());
            }

            EntityId first = queue.Send();
            EntityId second = queue.Send();
            if (!subscribeFirst)
            {
                Assert.Equal([first], Pushed(queue.Do(_recipient, new SubCommand())));
            }
            else
            {
                Assert.Equal([first], Pushed(_recipient.Take()));
            }

            Assert.Equal([new Received.Message(second)], queue.Do(_recipient, new AckCommand(first)));
        }
    }

    [Fact]
    [Spec("S-481", "S-380")]
    public void A_deleted_queue_answers_AUTH()
    {
        var queue = new TestQueue();
        queue.Do(_recipient, new DelCommand());
        queue.Send(answer: AuthError);
        Assert.Empty(queue.LastChanges);
    }

    [Theory]
    [Spec("S-278", "S-306")]
    [InlineData(QueueMode.Messaging, true, true)]
    [InlineData(QueueMode.Messaging, false, false)]
    [InlineData(QueueMode.Contact, true, false)]
    [InlineData(null, true, true)]
    public void The_first_message_of_a_secured_queue_removes_its_link_data(QueueMode? mode, bool secured, bool removed)
    {
        var queue = new TestQueue(mode, link: new LinkData(new byte[2], new byte[3]));
        if (secured)
        {
            queue.Do(_recipient, new KeyCommand(TestQueue.NewKey()));
        }

        long version = queue.Record.KeysVersion;
        queue.Send();
        Assert.Equal(removed, queue.Record.Link is null);
        Assert.Equal(removed, queue.Store.Link is null);
        Assert.Equal(removed ? version + 1 : version, queue.Record.KeysVersion);
        queue.Send();
        Assert.Equal(removed ? version + 1 : version, queue.Record.KeysVersion);
    }

    private static FreshValues Fresh() => new(EntityId.Random(), EntityId.Random());
}
