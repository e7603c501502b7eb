using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

public sealed class DeleteTests
{
    private readonly TestConnection _owner = new("owner");
    private readonly TestConnection _other = new("other");

    [Fact]
    [Spec("S-244", "S-258")]
    public void Other_subscribers_are_told_and_the_deleting_connection_is_not()
    {
        var queue = new TestQueue(creator: _owner);
        NotifierIds notifier = queue.EnableNotifications(_owner);
        queue.Do(_other, new NsubCommand());
        Assert.Equal([Ok], queue.Do(_owner, new DelCommand()));
        Assert.Equal([Event(notifier.NotifierId, DeldResponse.Instance)], _other.Take());
        Assert.Null(queue.State);
        Assert.Null(queue.Store.Record);
    }

    [Fact]
    [Spec("S-244", "S-414")]
    public void After_DEL_every_command_answers_AUTH()
    {
        var queue = new TestQueue(creator: _owner, link: new LinkData(new byte[1], new byte[1]));
        EntityId link = queue.LinkId;
        EntityId notifier = queue.EnableNotifications(_owner).NotifierId;
        queue.Send();
        queue.Do(_owner, new DelCommand());
        Assert.All(AllCommands(), command =>
        {
            EntityId entity = command.Tag switch
            {
                SmpCommandTag.LKEY or SmpCommandTag.LGET => link,
                SmpCommandTag.NSUB => notifier,
                SmpCommandTag.SEND or SmpCommandTag.SKEY => queue.SenderId,
                _ => queue.Id,
            };
            Assert.Equal([Auth], queue.Do(_owner, command, entityId: entity));
            Assert.Empty(queue.LastChanges);
        });
        Assert.Null(queue.State);
    }

    [Fact]
    public void Nothing_is_decided_for_a_queue_that_does_not_exist()
    {
        var queue = new TestQueue();
        queue.Do(_owner, new DelCommand());
        Assert.All<QueueCommand>(
            [
                new QueueCommand.Disconnected(_owner),
                new QueueCommand.BodyUnavailable(_owner, EntityId.Random(), false),
                new QueueCommand.StoreNotification(EntityId.Random(), new StoredNotification(default, 0, default, default)),
                new QueueCommand.NotificationsDelivered(EntityId.Random()),
                new QueueCommand.Expire(long.MaxValue),
                new QueueCommand.Collect(new UnusedSince(int.MaxValue, int.MaxValue), int.MaxValue),
                QueueCommand.Recover.Instance,
            ],
            command =>
            {
                queue.Tell(command);
                Assert.Null(queue.State);
                Assert.Empty(queue.LastChanges);
                Assert.Empty(queue.LastEffects);
            });
    }

    internal static SmpCommand[] AllCommands() =>
    [
        new SubCommand(), new KeyCommand(TestQueue.NewKey()), new RkeyCommand([TestQueue.NewKey()]),
        new LsetCommand(EntityId.Random(), new LinkData(default, default)), new LdelCommand(),
        new NkeyCommand(TestQueue.NewKey(), TestQueue.NewKey()), new NdelCommand(), new GetCommand(),
        new AckCommand(EntityId.Empty), new AckCommand(EntityId.Random()), new OffCommand(), new DelCommand(), new QueCommand(),
        new SkeyCommand(TestQueue.NewKey()), new SendCommand(true, new byte[1]),
        new LkeyCommand(TestQueue.NewKey()), new LgetCommand(), new NsubCommand(),
    ];
}
