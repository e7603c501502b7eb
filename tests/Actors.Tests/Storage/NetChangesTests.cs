using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage.Postgres;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>What a group of changes comes to when its kinds are carried out one after the other.</summary>
public sealed class NetChangesTests
{
    private readonly QueueRecord _queue = Samples.Queue();

    [Fact]
    public void A_message_that_comes_and_goes_never_gets_there()
    {
        NetChanges net = Net(Add(1), Add(2), Remove(1));
        Assert.Equal([2L], net.AddedMessages.Select(add => add.Header.Sequence));
        Assert.Empty(net.DeletedMessages);
    }

    [Fact]
    public void A_number_that_is_used_again_is_deleted_and_then_added()
    {
        NetChanges net = Net(Remove(1), Add(1));
        Assert.Equal([(_queue.RecipientId, 1L)], net.DeletedMessages);
        Assert.Single(net.AddedMessages);
        net = Net(Remove(1), Add(1), Remove(1));
        Assert.Equal([(_queue.RecipientId, 1L)], net.DeletedMessages);
        Assert.Empty(net.AddedMessages);
        Assert.Null(Try(Add(1), Add(1)));
    }

    [Fact]
    public void A_deleted_queue_takes_its_messages_and_notifications_along()
    {
        EntityId notifier = EntityId.Random();
        NetChanges net = Net(Add(1), Remove(7), Notify(notifier, 5), new QueueChange.Delete(_queue.RecipientId));
        Assert.Equal([_queue.RecipientId], net.DeletedQueues);
        Assert.Empty(net.AddedMessages);
        Assert.Empty(net.DeletedMessages);
        Assert.True(net.Notifications.IsEmpty);
    }

    [Fact]
    public void A_queue_that_is_deleted_and_made_again_keeps_what_came_after()
    {
        NetChanges net = Net(Add(1), new QueueChange.Delete(_queue.RecipientId), new QueueChange.Create(_queue, null), Add(2));
        Assert.Single(net.DeletedQueues);
        Assert.Single(net.Created);
        Assert.Equal([2L], net.AddedMessages.Select(add => add.Header.Sequence));
    }

    [Fact]
    public void The_last_record_stays_with_the_last_blobs()
    {
        QueueRecord linked = _queue with { Link = Samples.Link() };
        LinkData blobs = Samples.Blobs(10);
        NetChanges net = Net(new QueueChange.Update(linked, blobs), new QueueChange.Update(linked with { UpdatedDay = 9 }));
        Assert.Equal((linked with { UpdatedDay = 9 }, blobs), Assert.Single(net.Updated));
        net = Net(new QueueChange.Create(linked, blobs), new QueueChange.Update(linked with { UpdatedDay = 9 }));
        Assert.Equal((linked with { UpdatedDay = 9 }, blobs), Assert.Single(net.Created));
        Assert.Empty(net.Updated);
        net = Net(new QueueChange.Update(_queue, blobs));
        Assert.Null(net.Updated[0].Link);
    }

    [Fact]
    public void What_a_conflict_would_change_must_be_carried_out_in_order()
    {
        QueueRecord linked = _queue with { Link = Samples.Link() };
        Assert.Null(Try(new QueueChange.Create(_queue, null), new QueueChange.Delete(_queue.RecipientId)));
        Assert.Null(Try(new QueueChange.Update(_queue), new QueueChange.Delete(_queue.RecipientId)));
        Assert.Null(Try(new QueueChange.Create(_queue, null), new QueueChange.Create(_queue, null)));
        Assert.Null(Try(new QueueChange.Update(_queue), new QueueChange.Create(_queue, null)));
        Assert.Null(Try(new QueueChange.Delete(_queue.RecipientId), new QueueChange.Update(_queue)));
        Assert.Null(Try(new QueueChange.Update(linked, Samples.Blobs(10)), new QueueChange.Update(_queue)));
    }

    [Fact]
    public void Notifications_are_kept_as_if_each_had_been_added_alone()
    {
        EntityId notifier = EntityId.Random();
        Assert.Equal([(notifier, 4)], Net(Notify(notifier, 4), Notify(notifier, 4)).Notifications.Kept);
        Assert.Equal([(notifier, 3)], Net(Notify(notifier, 9), Notify(notifier, 2), Notify(notifier, 9)).Notifications.Kept);
        NetChanges net = Net(Notify(notifier, 4), new QueueChange.DeleteNotifications(notifier), Notify(notifier, 7));
        Assert.Equal([notifier], net.ClearedNotifiers);
        Assert.Equal([(notifier, 7)], net.Notifications.Kept);
        Assert.Single(net.Notifications.All);
    }

    [Fact]
    public void Services_are_counted_once_each_in_the_order_of_their_ids()
    {
        EntityId low = new([1]), high = new([2]), left = EntityId.Random(), right = EntityId.Random();
        NetChanges net = Net(Count(high, left, true), Count(low, left, false), Count(high, right, true), Count(high, left, false));
        Assert.Equal([(low, -1L), (high, 1L)], net.Services.All.Select(row => (row.ServiceId, row.Count)));
        Assert.Equal([high], net.Services.Required);
        byte[] mask = new byte[16];
        Protocol.Crypto.ProtocolHash.ToggleQueue(mask, right.Bytes);
        Assert.Equal(mask, net.Services.All.Last().Mask);
    }

    private NetChanges Net(params QueueChange[] changes) => Try(changes) ?? throw new InvalidOperationException("There is no net effect.");

    private NetChanges? Try(params QueueChange[] changes) =>
        NetChanges.TryOf([.. changes.Select(change => new WriteSet<QueueChange>(_queue.RecipientId, [change]))]);

    private QueueChange.AddMessage Add(long sequence) => new(_queue.RecipientId, Samples.Header(sequence), Samples.Bytes(3));

    private QueueChange.DeleteMessage Remove(long sequence) => new(_queue.RecipientId, sequence);

    private static QueueChange.AddNotification Notify(EntityId notifier, int keep) => new(notifier, Samples.Notification(), keep);

    private static QueueChange.ServiceQueue Count(EntityId service, EntityId queue, bool added) => new(service, queue, added);
}
