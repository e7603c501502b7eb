using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class LinkTests
{
    private readonly TestConnection _client = new("client");
    private readonly LinkData _data = new(new byte[] { 1 }, new byte[] { 2 });

    [Fact]
    [Spec("S-238", "S-304", "S-435")]
    public void LKEY_secures_a_messaging_queue_and_returns_its_link_data()
    {
        var queue = new TestQueue(link: _data);
        EntityId link = queue.LinkId;
        LkeyCommand lkey = new(TestQueue.NewKey());
        Assert.Equal([new Received.Link(link, queue.SenderId)], queue.Do(_client, lkey));
        Assert.Equal(lkey.SenderKey, queue.Record.SenderKey);
        Assert.Equal([new Received.Link(link, queue.SenderId)], queue.Do(_client, lkey));
        Assert.Equal([Auth], queue.Do(_client, new LkeyCommand(TestQueue.NewKey())));
        queue.Send();
        Assert.Equal([Auth], queue.Do(_client, lkey, entityId: link));
    }

    [Fact]
    [Spec("S-239", "S-304", "S-435")]
    public void LGET_reads_a_contact_address_and_LKEY_does_not()
    {
        var queue = new TestQueue(QueueMode.Contact, link: _data);
        Assert.Equal([new Received.Link(queue.LinkId, queue.SenderId)], queue.Do(_client, new LgetCommand()));
        queue.Do(_client, new KeyCommand(TestQueue.NewKey()));
        Assert.Equal([new Received.Link(queue.LinkId, queue.SenderId)], queue.Do(_client, new LgetCommand()));
        Assert.Equal([Auth], queue.Do(_client, new LkeyCommand(TestQueue.NewKey())));
    }

    [Fact]
    [Spec("S-239", "S-304", "S-173")]
    public void LGET_reads_an_unsecured_queue_of_unknown_mode_but_no_messaging_queue()
    {
        Assert.Equal([Auth], new TestQueue(link: _data).Do(_client, new LgetCommand()));
        var old = new TestQueue(mode: null, link: _data);
        Assert.IsType<Received.Link>(Assert.Single(old.Do(_client, new LgetCommand())));
        old.Do(_client, new KeyCommand(TestQueue.NewKey()));
        Assert.Equal([Auth], old.Do(_client, new LgetCommand()));
    }

    [Theory]
    [Spec("S-302", "S-303")]
    [InlineData(QueueMode.Contact, false, true)]
    [InlineData(QueueMode.Contact, true, true)]
    [InlineData(QueueMode.Messaging, false, true)]
    [InlineData(QueueMode.Messaging, true, false)]
    [InlineData(null, false, true)]
    [InlineData(null, true, false)]
    public void LSET_attaches_data_unless_a_sender_secured_the_queue(QueueMode? mode, bool secured, bool allowed)
    {
        var queue = new TestQueue(mode);
        if (secured)
        {
            queue.Do(_client, new KeyCommand(TestQueue.NewKey()));
        }

        long version = queue.Record.KeysVersion;
        EntityId link = EntityId.Random();
        Assert.Equal([allowed ? Ok : Auth], queue.Do(_client, new LsetCommand(link, _data)));
        Assert.Equal(allowed ? link : null, queue.Record.Link?.LinkId);
        Assert.Equal(allowed ? _data : null, queue.Store.Link);
        Assert.Equal(allowed ? version + 1 : version, queue.Record.KeysVersion);
    }

    [Fact]
    [Spec("S-301", "S-302")]
    public void LSET_replaces_user_data_only()
    {
        var queue = new TestQueue(QueueMode.Contact, link: _data);
        var replaced = new LinkData(_data.Fixed, new byte[] { 9, 9 });
        Assert.Equal([Ok], queue.Do(_client, new LsetCommand(queue.LinkId, replaced)));
        Assert.Equal(replaced, queue.Store.Link);
        Assert.Equal(1, queue.Record.KeysVersion);
        Assert.Equal([Auth], queue.Do(_client, new LsetCommand(queue.LinkId, new LinkData(new byte[] { 7 }, _data.User))));
        Assert.Equal([Auth], queue.Do(_client, new LsetCommand(EntityId.Random(), _data)));
        Assert.Equal(replaced, queue.Store.Link);
    }

    [Fact]
    [Spec("S-302", "S-435")]
    public void A_link_id_of_another_queue_is_refused_when_the_store_finds_it()
    {
        var queue = new TestQueue(QueueMode.Contact);
        queue.Do(_client, new LsetCommand(EntityId.Random(), _data));
        Assert.Equal(AuthError, Assert.IsType<QueueEffect.Reply>(Assert.Single(queue.LastConflict)).Response);
    }

    [Fact]
    [Spec("S-242", "S-305")]
    public void LDEL_frees_the_link()
    {
        var queue = new TestQueue(QueueMode.Contact, link: _data);
        EntityId link = queue.LinkId;
        Assert.Equal([Ok], queue.Do(_client, new LdelCommand()));
        Assert.Null(queue.Store.Link);
        Assert.Equal(2, queue.Record.KeysVersion);
        Assert.Equal([Auth], queue.Do(_client, new LgetCommand(), entityId: link));
        Assert.Equal([Ok], queue.Do(_client, new LdelCommand()));
        Assert.Empty(queue.LastChanges);
        Assert.Equal([Ok], queue.Do(_client, new LsetCommand(link, new LinkData(new byte[] { 5 }, default))));
    }

    [Fact]
    [Spec("S-305")]
    public void LDEL_works_on_a_secured_queue()
    {
        var queue = new TestQueue(link: _data);
        queue.Do(_client, new KeyCommand(TestQueue.NewKey()));
        Assert.Equal([Ok], queue.Do(_client, new LdelCommand()));
        Assert.Null(queue.Record.Link);
    }
}
