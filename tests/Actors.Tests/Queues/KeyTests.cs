using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class KeyTests
{
    private readonly TestConnection _client = new("client");
    private readonly PublicKey _key = TestQueue.NewKey();

    [Theory]
    [Spec("S-236", "S-410")]
    [InlineData(QueueMode.Messaging)]
    [InlineData(QueueMode.Contact)]
    [InlineData(null)]
    public void KEY_secures_a_queue_once(QueueMode? mode)
    {
        var queue = new TestQueue(mode);
        Assert.Equal([Ok], queue.Do(_client, new KeyCommand(_key)));
        Assert.Equal(_key, queue.Record.SenderKey);
        Assert.Equal(2, queue.Record.KeysVersion);
        Assert.Equal([Ok], queue.Do(_client, new KeyCommand(_key)));
        Assert.Equal([Auth], queue.Do(_client, new KeyCommand(TestQueue.NewKey())));
        Assert.Equal(2, queue.Record.KeysVersion);
        Assert.Equal(_key, queue.Record.SenderKey);
    }

    [Fact]
    [Spec("S-237", "S-411", "S-480")]
    public void SKEY_secures_a_messaging_queue_once()
    {
        var queue = new TestQueue();
        Assert.Equal([Ok], queue.Do(_client, new SkeyCommand(_key)));
        Assert.Equal([Auth], queue.Do(_client, new SkeyCommand(TestQueue.NewKey())));
        Assert.Equal([Auth], queue.Do(_client, new KeyCommand(TestQueue.NewKey())));
        Assert.Equal([Ok], queue.Do(_client, new SkeyCommand(_key)));
        Assert.Equal(_key, queue.Record.SenderKey);
    }

    [Theory]
    [Spec("S-173", "S-237", "S-412")]
    [InlineData(QueueMode.Contact)]
    [InlineData(null)]
    public void SKEY_is_for_messaging_queues(QueueMode? mode)
    {
        var queue = new TestQueue(mode);
        Assert.Equal([Auth], queue.Do(_client, new SkeyCommand(_key)));
        Assert.Null(queue.Record.SenderKey);
    }

    [Fact]
    [Spec("S-480")]
    public void Of_two_keys_authorised_at_the_same_time_only_one_wins()
    {
        var queue = new TestQueue();
        Assert.Equal([Ok], queue.Do(_client, new SkeyCommand(_key), keysVersion: 1));
        Assert.Equal([new Received.Stale()], queue.Do(_client, new SkeyCommand(TestQueue.NewKey()), keysVersion: 1));
        Assert.Equal(_key, queue.Record.SenderKey);
    }

    [Fact]
    [Spec("S-240", "S-413")]
    public void RKEY_replaces_all_keys_of_a_contact_address()
    {
        var queue = new TestQueue(QueueMode.Contact);
        PublicKey[] keys = [TestQueue.NewKey(), TestQueue.NewKey(KeyAlgorithm.Ed448)];
        Assert.Equal([Ok], queue.Do(_client, new RkeyCommand([.. keys])));
        Assert.Equal(keys, queue.Record.RecipientKeys);
        Assert.Equal(2, queue.Record.KeysVersion);
        Assert.Equal([Ok], queue.Do(_client, new RkeyCommand([.. keys])));
        Assert.Equal(2, queue.Record.KeysVersion);
        Assert.Equal([Ok], queue.Do(_client, new RkeyCommand([keys[1]])));
        Assert.Equal([keys[1]], queue.Record.RecipientKeys);
    }

    [Theory]
    [Spec("S-240")]
    [InlineData(QueueMode.Messaging)]
    [InlineData(null)]
    public void RKEY_is_for_contact_addresses(QueueMode? mode)
    {
        var queue = new TestQueue(mode);
        Assert.Equal([Auth], queue.Do(_client, new RkeyCommand([_key])));
        Assert.Empty(queue.LastChanges);
    }

    [Fact]
    [Spec("S-184", "S-410", "S-411")]
    public void The_wrong_kind_of_id_is_not_found()
    {
        var queue = new TestQueue();
        Assert.Equal([Auth], queue.Do(_client, new KeyCommand(_key), entityId: queue.SenderId));
        Assert.Equal([Auth], queue.Do(_client, new SkeyCommand(_key), entityId: queue.Id));
        Assert.Equal([Auth], queue.Do(_client, new LkeyCommand(_key), entityId: queue.SenderId));
        Assert.Equal([Auth], queue.Do(_client, new NsubCommand(), entityId: EntityId.Random()));
        Assert.Empty(queue.Store.Messages);
        Assert.Null(queue.Record.SenderKey);
    }

    [Fact]
    public void Published_keys_are_those_of_the_record()
    {
        var queue = new TestQueue();
        queue.Do(_client, new SkeyCommand(_key));
        queue.EnableNotifications(_client);
        var reply = new KeysReply();
        queue.Tell(new QueueCommand.GetKeys(reply));
        Assert.Equal(
            new QueueKeys(queue.Id, 3, queue.Record.RecipientKeys, _key, queue.Record.Notifier!.Key, QueueMode.Messaging),
            Assert.Single(reply.Answers));
        queue.Do(_client, new DelCommand());
        queue.Tell(new QueueCommand.GetKeys(reply));
        Assert.Null(reply.Answers[^1]);
    }

    private sealed class KeysReply : IKeysReply
    {
        public List<QueueKeys?> Answers { get; } = [];

        public void Keys(QueueKeys? keys) => Answers.Add(keys);

        public void Failed() => throw new InvalidOperationException("No store is involved.");
    }
}
