using SimplexActors.Acceptance.Support;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Services;

/// <summary>What a real router counts of client services; every counter is compared.</summary>
public sealed class ServiceCounterTests : IDisposable
{
    private readonly CountedRouter _counted = new();

    public void Dispose() => _counted.Dispose();

    [Fact]
    [Spec("S-407", "S-405", "S-402")]
    public async Task Queues_that_come_to_services_and_leave_them_are_counted_and_so_are_their_subscriptions()
    {
        IReadOnlyDictionary<string, long> counted = await _counted.RunAsync(async router =>
        {
            using TestService service = await TestService.CreateAsync();
            using TestService other = await TestService.CreateAsync();
            await using Peer owner = await router.ConnectAsync();
            RecipientQueue[] queues = [await owner.Client.CreateQueueAsync(), await owner.Client.CreateQueueAsync(), await owner.Client.CreateQueueAsync()];
            ServiceQueues both = TestService.Queues(queues[0].RecipientId, queues[1].RecipientId);
            await owner.Client.SendAsync(queues[0].Unsecured(), "waits");
            await owner.MessageAsync(queues[0]);

            // One by one: new, new, repeated. Then all: the message is with the connection already.
            await using Peer first = await service.ConnectAsync(router);
            foreach (RecipientQueue queue in queues[..2])
            {
                await first.Client.SubscribeAsync(queue);
                await owner.NextAsync<SubscriptionEnded>();
            }

            await first.MessageAsync(queues[0]);
            await first.Client.SubscribeAsync(queues[0]);
            await first.MessageAsync(queues[0]);
            await first.Client.SubscribeServiceAsync(both);
            await first.NextAsync<ServiceDelivered>();
            await first.Client.SubscribeServiceAsync(both);

            // Other connections take over, and expect more, fewer, others and nothing.
            Peer last = first;
            foreach (ServiceQueues expected in new[] { both with { Count = 17 }, both with { Count = 1 }, both with { IdsHash = EntityId.Random() }, ServiceQueues.Unknown })
            {
                Peer next = await service.ConnectAsync(router);
                Array.ForEach(queues, next.Client.Know);
                await next.Client.SubscribeServiceAsync(expected);
                await last.NextAsync<ServiceEnded>();
                await next.MessageAsync(queues[0]);
                await next.NextAsync<ServiceDelivered>();
                last = next;
            }

            // One queue leaves for nobody, one for another service.
            await owner.Client.SubscribeAsync(queues[1]);
            await last.NextAsync<SubscriptionEnded>();
            await using Peer stranger = await other.ConnectAsync(router);
            await stranger.Client.SubscribeAsync(queues[0]);
            await stranger.MessageAsync(queues[0]);
            await last.NextAsync<SubscriptionEnded>();
        });
        // After a takeover the queue that its former holder gives up attaches by its own mail or by the stream of SUBS, whichever is first.
        string[] delivered = [StatisticsNames.Of(Counter.RcvServicesSubMsg), StatisticsNames.Of(Counter.RcvServicesSubMsgDuplicate)];
        Assert.Equal(5, delivered.Sum(name => counted.GetValueOrDefault(name)));
        CounterTests.AssertCounted(
            counted.Where(pair => !delivered.Contains(pair.Key)).ToDictionary(),
            (Counter.QCreated, 3), (Counter.MsgSent, 1), (Counter.QSub, 2), (Counter.QSubDuplicate, 1), (Counter.QSubEnd, 8), (Counter.QSubEndB, 8),
            (Counter.RcvServicesAssocNew, 2), (Counter.RcvServicesAssocDuplicate, 1), (Counter.RcvServicesAssocRemoved, 1), (Counter.RcvServicesAssocUpdated, 1),
            (Counter.RcvServicesSubCount, 6), (Counter.RcvServicesSubDuplicate, 1), (Counter.RcvServicesSubQueues, 2 + (5 * 2) + 1), (Counter.RcvServicesSubEnd, 4),
            (Counter.RcvServicesSubOk, 2), (Counter.RcvServicesSubMore, 1), (Counter.RcvServicesSubMoreTotal, 1), (Counter.RcvServicesSubFewer, 1),
            (Counter.RcvServicesSubFewerTotal, 15), (Counter.RcvServicesSubDiff, 1));
        Assert.Equal(
            new StoreCounts(3, 1, 0, 0) { RcvServices = 2, RcvServiceQueues = 1 }, await _counted.ReadAsync(store => store.CountAsync(default).AsTask()));
    }

    [Fact]
    [Spec("S-407", "S-406")]
    public async Task Notification_services_are_counted_apart_and_their_NSUB_is_none_of_a_client()
    {
        IReadOnlyDictionary<string, long> counted = await _counted.RunAsync(async router =>
        {
            using TestService service = await TestService.CreateAsync(ServiceRole.Notifier);
            await using Peer owner = await router.ConnectAsync();
            using RecipientQueue queue = await owner.Client.CreateQueueAsync();
            using QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
            await using Peer member = await service.ConnectAsync(router);
            await member.Client.SubscribeAsync(notifications.Notifier);
            await member.Client.SubscribeAsync(notifications.Notifier);
            await member.Client.SubscribeServiceAsync(TestService.Queues(notifications.Notifier.NotifierId));
            await owner.Client.SubscribeAsync(notifications.Notifier);
            await member.NextAsync<SubscriptionEnded>();
        });
        CounterTests.AssertCounted(
            counted,
            (Counter.QCreated, 1), (Counter.NtfCreated, 1), (Counter.NtfSub, 1), (Counter.QSubEnd, 1), (Counter.QSubEndB, 1),
            (Counter.NtfServicesAssocNew, 1), (Counter.NtfServicesAssocDuplicate, 1), (Counter.NtfServicesAssocRemoved, 1),
            (Counter.NtfServicesSubCount, 1), (Counter.NtfServicesSubQueues, 2), (Counter.NtfServicesSubOk, 1));
        Assert.Equal(
            new StoreCounts(1, 0, 1, 0) { NtfServices = 1 }, await _counted.ReadAsync(store => store.CountAsync(default).AsTask()));
    }
}
