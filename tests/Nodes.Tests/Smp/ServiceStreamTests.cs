using System.Collections.Immutable;
using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Smp;

/// <summary>The way over a service's queues holds no more than its bound, whatever the service has.</summary>
public sealed class ServiceStreamTests
{
    private const int Queues = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Spec("S-316", "S-319", "S-499")]
    public async Task Pages_follow_answers_and_every_queue_is_attached_once(bool ofNotifiers)
    {
        var told = new Queue<EntityId>();
        var all = new HashSet<EntityId>();
        ImmutableArray<ISubscriber> previous = [new NobodyConnection()];
        var connection = new NobodyConnection();
        var stream = new ServiceStream(new PagedStore(Queues), EntityId.Random(), ofNotifiers, Tell, connection, previous);
        int most = 0;
        while (!stream.IsComplete)
        {
            while (stream.IsReady)
            {
                await stream.AttachPageAsync();
                most = Math.Max(most, stream.Pending);
            }

            // The peer reads one message.
            told.Dequeue();
            stream.Answered(failed: false);
        }

        Assert.Equal(Queues, all.Count);
        Assert.InRange(most, Limits.ServiceQueuesPerPage, Limits.ServiceQueuesInFlight);

        ValueTask Tell(EntityId recipientId, QueueCommand command)
        {
            Assert.True(all.Add(recipientId));
            told.Enqueue(recipientId);
            if (ofNotifiers)
            {
                var attach = Assert.IsType<QueueCommand.AttachNotifier>(command);
                Assert.Equal((connection, previous, true), (attach.Connection, attach.Previous, attach.Answer));
            }
            else
            {
                var attach = Assert.IsType<QueueCommand.AttachService>(command);
                Assert.Equal((connection, previous, true), (attach.Connection, attach.Previous, attach.Answer));
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Names queue after queue, and finds nothing on every fifth page.</summary>
    private sealed class PagedStore(int left) : IServiceStore
    {
        private int _left = left;
        private int _pages;

        public ValueTask<(IReadOnlyList<EntityId> Queues, EntityId? Next)> FindQueuesAsync(
            EntityId serviceId, EntityId after, int limit, CancellationToken cancellation)
        {
            int count = ++_pages % 5 == 0 ? 0 : Math.Min(limit, _left);
            _left -= count;
            return new(([.. Enumerable.Range(0, count).Select(_ => EntityId.Random())], _left == 0 ? null : EntityId.Random()));
        }

        public async ValueTask<(IReadOnlyList<ServiceNotifier> Notifiers, EntityId? Next)> FindNotifiersAsync(
            EntityId serviceId, EntityId after, int limit, CancellationToken cancellation)
        {
            (IReadOnlyList<EntityId> queues, EntityId? next) = await FindQueuesAsync(serviceId, after, limit, cancellation);
            return ([.. queues.Select(queue => new ServiceNotifier(EntityId.Random(), queue))], next);
        }

        public ValueTask<(EntityId ServiceId, ServiceRole Role)?> FindAsync(EntityId fingerprint, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask<ServiceQueues> CountAsync(EntityId serviceId, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<int> DeleteUnusedAsync(int day, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ServiceRecord?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<ServiceChange>> sets, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }

    /// <summary>A connection that is never called.</summary>
    private sealed class NobodyConnection : IServiceSubscriber
    {
        public void Joined(bool subscribed, long epoch) => throw new NotSupportedException();

        public void Ended(ServiceQueues? counters) => throw new NotSupportedException();

        public void Mail(EntityId recipientId, ISubscriber? lost = null) => throw new NotSupportedException();

        public void NotifierMail(EntityId recipientId, EntityId notifierId) => throw new NotSupportedException();

        public void Attached(EntityId recipientId, EntityId entityId, long epoch) => throw new NotSupportedException();

        public void AttachAnswered(EntityId entityId, bool failed) => throw new NotSupportedException();

        public void Taken(EntityId entityId) => throw new NotSupportedException();

        public void Deliver(Delivery delivery) => throw new NotSupportedException();

        public void Notify(EntityId recipientId, EntityId notifierId, StoredNotification notification) => throw new NotSupportedException();

        public void NotifyStored(EntityId recipientId, EntityId notifierId) => throw new NotSupportedException();

        public void Event(EntityId entityId, SmpResponse response, bool keep, long epoch) => throw new NotSupportedException();

        public void Subscribed(EntityId recipientId, EntityId entityId, long epoch) => throw new NotSupportedException();

        public void Renewed(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed) => throw new NotSupportedException();

        public void Remembered(EntityId recipientId) => throw new NotSupportedException();
    }
}
