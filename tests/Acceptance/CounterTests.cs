using System.Runtime.InteropServices;
using SimplexActors.Acceptance.Support;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>
/// What a real router counted, read from its store after it stopped. All counters are compared: what is not named must not
/// have been counted.
/// </summary>
public sealed class CounterTests : IDisposable
{
    private readonly CountedRouter _counted = new();

    public void Dispose() => _counted.Dispose();

    [Fact]
    [Spec("S-249", "S-376", "S-427")]
    public async Task Queues_are_counted_and_the_numbers_go_on_after_a_restart()
    {
        IReadOnlyDictionary<string, long> first = await _counted.RunAsync(UseQueuesAsync);
        AssertCounted(
            first,
            (Counter.QCreated, 4), (Counter.NtfNewCreated, 1), (Counter.QSecured, 3), (Counter.NtfCreated, 1), (Counter.NtfDeleted, 1),
            (Counter.QDeletedAll, 2), (Counter.QDeletedNew, 1), (Counter.QDeletedSecured, 1));
        Assert.Equal(new StoreCounts(2, 0, 1, 0), await _counted.ReadAsync(store => store.CountAsync(default).AsTask()));

        IReadOnlyDictionary<string, long> second = await _counted.RunAsync(UseQueuesAsync);
        Assert.Equal(first.ToDictionary(pair => pair.Key, pair => 2 * pair.Value), second);
    }

    [Fact]
    [Spec("S-275", "S-276", "S-277", "S-280", "S-282", "S-283", "S-187")]
    public async Task Messages_are_counted_by_what_became_of_them()
    {
        AssertCounted(
            await _counted.RunAsync(
                async router =>
                {
                    await using Peer owner = await router.ConnectAsync();
                    using RecipientQueue queue = await owner.Client.CreateQueueAsync();
                    await owner.Client.SendAsync(queue.Unsecured(), "one");
                    await owner.Client.SendAsync(queue.Unsecured(), "two", notify: true);
                    Assert.Equal(SmpError.Quota, await owner.Client.SendAsync(queue.Unsecured(), "three").ErrorAsync());
                    await owner.ReceiveAsync(queue);
                    await owner.ReceiveAsync(queue);
                    await owner.ReceiveAsync(queue);
                    await owner.Client.SendAsync(queue.Unsecured(), "unread");
                    Assert.Equal(SmpError.Auth, await owner.Client.SendAsync(new SenderQueue(EntityId.Random()), "nobody").ErrorAsync());
                    await using Wire wire = await router.ConnectWireAsync();
                    Answer large = Assert.Single(await wire.AskAsync(wire.Command(new SendCommand(false, new byte[16_049]), queue.SenderId)));
                    Assert.Equal(SmpError.LargeMsg, large.Error);
                    await owner.Client.SuspendAsync(queue);
                    Assert.Equal(SmpError.Auth, await owner.Client.SendAsync(queue.Unsecured(), "suspended").ErrorAsync());
                },
                "queues.message_quota=2"),
            (Counter.QCreated, 1), (Counter.MsgSent, 3), (Counter.MsgSentNtf, 1), (Counter.MsgRecv, 2), (Counter.MsgRecvNtf, 1),
            (Counter.MsgSentQuota, 1), (Counter.MsgSentAuth, 2), (Counter.MsgSentLarge, 1));
        Assert.Equal(new StoreCounts(1, 1, 0, 0), await _counted.ReadAsync(store => store.CountAsync(default).AsTask()));
        StoredStatistics stored = (await _counted.ReadAsync(store => store.ReadStatisticsAsync(default).AsTask()))!;
        Assert.Equal(2, stored.Values.Where(value => value.Name.StartsWith("acked", StringComparison.Ordinal)).Sum(value => value.Total));
        Assert.Single(stored.ActiveQueues.SelectMany(queues => MemoryMarshal.Cast<byte, ulong>(queues.Entries.Span).ToArray()).Select(entry => entry >> 6).Distinct());
    }

    [Fact]
    [Spec("S-402", "S-404", "S-405", "S-187")]
    public async Task Subscriptions_are_counted_and_so_is_their_end()
    {
        AssertCounted(
            await _counted.RunAsync(async router =>
            {
                await using Peer owner = await router.ConnectAsync();
                await using Peer other = await router.ConnectAsync();
                using RecipientQueue queue = await owner.Client.CreateQueueAsync();
                using RecipientQueue empty = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
                await other.Client.SubscribeAsync(empty);
                await owner.Client.SendAsync(queue.Unsecured(), "one");
                await owner.MessageAsync(queue);
                await owner.Client.SubscribeAsync(queue);
                await owner.MessageAsync(queue);
                await other.Client.SubscribeAsync(queue);
                await other.MessageAsync(queue);
                await owner.NextAsync<SubscriptionEnded>();
                await owner.Client.DeleteAsync(empty);
                await other.NextAsync<QueueDeleted>();
                Assert.Equal(SmpError.Auth, await owner.Client.SubscribeAsync(empty).ErrorAsync());
            }),
            (Counter.QCreated, 2), (Counter.MsgSent, 1), (Counter.QSubDuplicate, 1), (Counter.QSub, 1), (Counter.QSubEnd, 2), (Counter.QSubEndB, 2),
            (Counter.QDeletedAll, 1), (Counter.QDeletedNew, 1), (Counter.QSubAuth, 1));
    }

    [Fact]
    [Spec("S-273", "S-275", "S-404", "S-187")]
    public async Task Messages_that_were_asked_for_are_counted()
    {
        AssertCounted(
            await _counted.RunAsync(async router =>
            {
                await using Peer owner = await router.ConnectAsync();
                await using Peer getter = await router.ConnectAsync();
                using RecipientQueue queue = await owner.Client.CreateQueueAsync();
                await getter.Client.GetAsync(queue);
                await owner.Client.SendAsync(queue.Unsecured(), "one");
                await owner.MessageAsync(queue);
                ReceivedMessage one = (await getter.Client.GetAsync(queue))!;
                await getter.Client.GetAsync(queue);
                Assert.Equal(CmdError.Prohibited, await owner.Client.GetAsync(queue).ErrorAsync());
                Assert.Equal(CmdError.Prohibited, await getter.Client.SubscribeAsync(queue).ErrorAsync());
                await getter.Client.AcknowledgeAsync(queue, one.Id);
                await owner.Client.AcknowledgeAsync(queue, one.Id);
                await using Wire wire = await router.ConnectWireAsync();
                Assert.Equal(SmpError.Auth, await wire.ErrorAsync("GET", EntityId.Random(), queue.Key));
            }),
            (Counter.QCreated, 1), (Counter.MsgSent, 1), (Counter.MsgGetNoMsg, 1), (Counter.MsgGet, 1), (Counter.MsgGetDuplicate, 1),
            (Counter.MsgGetProhibited, 1), (Counter.QSubProhibited, 1), (Counter.MsgRecv, 1), (Counter.MsgRecvGet, 1), (Counter.MsgGetAuth, 1));
    }

    [Fact]
    [Spec("S-187", "S-403")]
    public async Task Blocks_of_several_commands_are_counted_by_their_first_even_when_nothing_verifies()
    {
        AssertCounted(
            await _counted.RunAsync(async router =>
            {
                using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
                await using Wire wire = await router.ConnectWireAsync();
                byte[] Command(string name) => wire.Command(name, EntityId.Random(), key);
                await wire.AskAsync(Command("SUB"), Command("SUB"), Command("SUB"));
                await wire.AskAsync(Command("DEL"), Command("SUB"));
                await wire.AskAsync(Command("NDEL"), Command("NDEL"));
                await wire.AskAsync(Command("NSUB"), Command("NSUB"));
                await wire.AskAsync(Command("SUB"), Command("NSUB"));
                await wire.AskAsync(Command("SUB"), wire.Command("PING"));
                await wire.AskAsync(Command("SUB"), Command("SUB too many words"));
                await wire.AskAsync(Command("DEL"));
            }),
            (Counter.QSubAllB, 1), (Counter.QDeletedAllB, 1), (Counter.NtfDeletedB, 1), (Counter.NtfSubB, 1), (Counter.QSubAuth, 7), (Counter.NtfSubAuth, 3));
    }

    [Fact]
    [Spec("S-300", "S-406", "S-484")]
    public async Task Notifications_are_counted_when_they_wait_when_they_are_sent_and_when_they_are_lost()
    {
        const int sent = 130, kept = 128;
        AssertCounted(
            await _counted.RunAsync(
                async router =>
                {
                    await using Peer owner = await router.ConnectAsync();
                    await using Peer notifier = await router.ConnectAsync();
                    using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
                    using QueueNotifications notifications = await owner.Client.EnableNotificationsAsync(queue);
                    for (int i = 0; i < sent; i++)
                    {
                        await owner.Client.SendAsync(queue.Unsecured(), "loud", notify: true);
                    }

                    await notifier.Client.SubscribeAsync(notifications.Notifier);
                    for (int i = 0; i < kept; i++)
                    {
                        await notifier.NextAsync<NotificationReceived>();
                    }

                    await owner.Client.SendAsync(queue.Unsecured(), "loud", notify: true);
                    await notifier.NextAsync<NotificationReceived>();
                    await notifier.Client.SubscribeAsync(notifications.Notifier);
                },
                "queues.message_quota=200"),
            (Counter.QCreated, 1), (Counter.NtfCreated, 1), (Counter.MsgSent, sent + 1), (Counter.MsgSentNtf, sent + 1), (Counter.MsgNtfNoSub, sent),
            (Counter.MsgNtfLost, sent - kept), (Counter.NtfSub, 1), (Counter.NtfSubDuplicate, 1), (Counter.MsgNtfs, kept + 1), (Counter.MsgNtfsB, 3));
        Assert.Equal(new StoreCounts(1, sent + 1, 1, 0), await _counted.ReadAsync(store => store.CountAsync(default).AsTask()));
    }

    [Fact]
    [Spec("S-408", "S-433")]
    public async Task What_expired_is_counted()
    {
        AssertCounted(
            await _counted.RunAsync(
                async router =>
                {
                    await using Peer owner = await router.ConnectAsync();
                    using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
                    await owner.Client.EnableNotificationsAsync(queue);
                    await owner.Client.SendAsync(queue.Unsecured(), "one", notify: true);
                    await owner.Client.SendAsync(queue.Unsecured(), "two");
                    await owner.SizeAsync(queue, 0);
                },
                "queues.message_ttl=1 s",
                "queues.notification_ttl=1 s",
                "queues.expiry_interval=1 s"),
            (Counter.QCreated, 1), (Counter.NtfCreated, 1), (Counter.MsgSent, 2), (Counter.MsgSentNtf, 1), (Counter.MsgNtfNoSub, 1),
            (Counter.MsgExpired, 2), (Counter.MsgNtfExpired, 1));
        Assert.Equal(new StoreCounts(1, 0, 1, 0), await _counted.ReadAsync(store => store.CountAsync(default).AsTask()));
    }

    [Fact]
    [Spec("S-356", "S-187")]
    public async Task Forwarded_commands_are_counted_when_both_layers_open()
    {
        AssertCounted(
            await _counted.RunAsync(async router =>
            {
                await using Peer owner = await router.ConnectAsync();
                using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
                await using Wire wire = await router.ConnectProxyAsync();
                var proxy = new TestProxy(wire);
                Assert.IsType<OkResponse>((await proxy.ForwardAsync(new SendCommand(false, "one"u8.ToArray()), queue.SenderId)).Inner!.Response);
                Assert.Equal(SmpError.Auth, (await proxy.ForwardAsync(new SendCommand(false, default), EntityId.Random())).Error);
                Assert.Equal(CmdError.Prohibited, (await proxy.ForwardAsync("PING")).Error);
                Answer garbage = Assert.Single(await wire.AskAsync(wire.Command(new RfwdCommand(new byte[16_226]), default)));
                Assert.Equal(SmpError.Crypto, garbage.Error);
            }),
            (Counter.QCreated, 1), (Counter.MsgSent, 1), (Counter.MsgSentAuth, 1), (Counter.PMsgFwdsRecv, 3));
    }

    [Fact]
    [Spec("S-367")]
    public async Task Names_are_counted_by_their_answer()
    {
        await using NameServer server = await NameServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path.Value!.EndsWith("known.simplex", StringComparison.Ordinal) ? 404 : 502;
            return Task.CompletedTask;
        });
        AssertCounted(
            await _counted.RunAsync(
                async router =>
                {
                    await using Wire wire = await router.ConnectWireAsync();
                    Assert.Equal(SmpError.NameNotFound, await wire.ErrorAsync("RSLV unknown.simplex"));
                    Assert.Equal(new NameResolverError("HTTP 502"), await wire.ErrorAsync("RSLV alice.simplex"));
                    Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("RSLV alice"));
                },
                "names.enabled=on",
                $"names.resolver_endpoint={server.Endpoint}"),
            (Counter.RslvReqs, 2), (Counter.RslvNotFound, 1), (Counter.RslvResolverErrs, 1));
        AssertCounted(
            await _counted.RunAsync(async router =>
            {
                await using Wire wire = await router.ConnectWireAsync();
                Assert.Equal(SmpError.NameNoResolver, await wire.ErrorAsync("RSLV alice.simplex"));
            }),
            (Counter.RslvReqs, 3), (Counter.RslvNotFound, 1), (Counter.RslvResolverErrs, 1), (Counter.RslvDisabled, 1));
    }

    private static async Task UseQueuesAsync(TestRouter router)
    {
        await using Peer owner = await router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        using RecipientQueue notified = await owner.Client.CreateQueueAsync(new NewQueue { NotifierKey = PrivateKey.Generate(KeyAlgorithm.Ed25519) });
        using RecipientQueue unsecured = await owner.Client.CreateQueueAsync();
        using RecipientQueue kept = await owner.Client.CreateQueueAsync();
        var sender = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        await owner.Client.SecureAsync(sender);
        await owner.Client.SecureAsync(sender);
        await owner.Client.SecureAsync(queue, sender.Key!.Public);
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        Assert.Equal(SmpError.Auth, await owner.Client.SecureAsync(queue, other.Public).ErrorAsync());
        await owner.Client.EnableNotificationsAsync(kept);
        await owner.Client.DisableNotificationsAsync(kept);
        await owner.Client.DisableNotificationsAsync(kept);
        await owner.Client.DeleteAsync(queue);
        await owner.Client.DeleteAsync(unsecured);
        Assert.Equal(SmpError.Auth, await owner.Client.DeleteAsync(unsecured).ErrorAsync());
        await owner.Client.PingAsync();
    }

    /// <summary>These counters and no others were raised, by so much.</summary>
    internal static void AssertCounted(IReadOnlyDictionary<string, long> counted, params (Counter Counter, long Times)[] expected)
    {
        Dictionary<string, long> times = expected.ToDictionary(pair => StatisticsNames.Of(pair.Counter), pair => pair.Times);
        Assert.Empty(
            from name in times.Keys.Union(counted.Keys)
            let was = counted.GetValueOrDefault(name)
            where was != times.GetValueOrDefault(name)
            select $"{name}: {was} instead of {times.GetValueOrDefault(name)}");
    }
}
