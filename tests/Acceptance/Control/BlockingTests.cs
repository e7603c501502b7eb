using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Testing;
using Xunit;
using static SimplexActors.Acceptance.Control.ControlSessionClient;

namespace SimplexActors.Acceptance.Control;

/// <summary>The operator blocks, unblocks and deletes queues of a running router, and what clients see of it.</summary>
public sealed class BlockingTests(ControlFixture fixture) : IClassFixture<ControlFixture>
{
    private const string Blocked = "ok, queue blocked: EntityBlocked (BlockingInfo {reason = BRContent, notice = Nothing})";

    private readonly ControlledRouter _router = fixture.Router;

    [Fact]
    [Spec("S-246", "S-369", "S-434", "O-247", "O-248", "O-249")]
    public async Task A_blocked_queue_refuses_until_it_is_unblocked()
    {
        using ControlSessionClient session = await _router.UserAsync();
        await using Peer owner = await _router.Router.ConnectAsync();
        await using Peer sender = await _router.Router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        string id = IdOf(queue.SenderId);
        long today = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86_400 * 86_400;
        string updated = $"updatedAt: Just (RoundedSystemTime {{roundedSeconds = {today}}}), queueMode: Just QMMessaging";
        Assert.Equal($"status: EntityActive, {updated}", await session.AskOneAsync($"status {id}"));
        Assert.Equal("ok, queue was active", await session.AskOneAsync($"unblock {id}"));

        Assert.Equal(Blocked, await session.AskOneAsync($"block {id} reason=content"));
        var told = await owner.NextAsync<QueueBlocked>();
        Assert.Equal((queue.RecipientId, new BlockingInfo(BlockingReason.Content)), (told.Entity, told.Info));
        Assert.Equal($"status: EntityBlocked (BlockingInfo {{reason = BRContent, notice = Nothing}}), {updated}", await session.AskOneAsync($"status {id}"));

        var refusal = new BlockedError(new BlockingInfo(BlockingReason.Content));
        using var securing = new SenderQueue(queue.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        Assert.Equal(refusal, await sender.Client.SecureAsync(securing).ErrorAsync());
        Assert.Equal(refusal, await sender.Client.SendAsync(queue.Unsecured(), "x").ErrorAsync());
        Assert.Equal(refusal, await owner.Client.SubscribeAsync(queue).ErrorAsync());
        Assert.Equal(refusal, await owner.Client.GetAsync(queue).ErrorAsync());
        Assert.Equal(refusal, await owner.Client.AcknowledgeAsync(queue, EntityId.Random()).ErrorAsync());
        Assert.Equal(refusal, await owner.Client.GetInfoAsync(queue).ErrorAsync());
        Assert.Equal(refusal, await owner.Client.EnableNotificationsAsync(queue).ErrorAsync());
        Assert.Equal(refusal, await owner.Client.SecureAsync(queue, securing.Key!.Public).ErrorAsync());

        Assert.Equal(
            "ok, queue unblocked, reason to block was: BlockingInfo {reason = BRContent, notice = Nothing}", await session.AskOneAsync($"unblock {id}"));
        await sender.Client.SecureAsync(securing);
        await sender.Client.SendAsync(securing, "after");
        Assert.Equal("after", await owner.ReceiveAsync(queue));
    }

    [Theory]
    [InlineData(17, "reason=spam,notice={\"ttl\":60}", "notice = Just (ClientNotice {ttl = Just 60})", null)]
    [InlineData(18, "reason=spam,notice={\"ttl\":60}", "notice = Just (ClientNotice {ttl = Just 60})", 60)]
    [InlineData(18, "reason=spam,notice={}", "notice = Just (ClientNotice {ttl = Nothing})", -1)]
    [InlineData(20, "reason=spam", "notice = Nothing", null)]
    [Spec("S-371", "S-369", "O-248")]
    public async Task The_notice_goes_only_to_those_who_know_it(int version, string info, string shown, int? noticeTtl)
    {
        using ControlSessionClient session = await _router.UserAsync();
        await using Peer owner = await _router.Router.ConnectAsync(version);
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        string answer = await session.AskOneAsync($"block {IdOf(queue.SenderId)} {info}");
        Assert.Equal($"ok, queue blocked: EntityBlocked (BlockingInfo {{reason = BRSpam, {shown}}})", answer);
        ClientNotice? notice = noticeTtl switch
        {
            null => null,
            -1 => new ClientNotice(null),
            { } ttl => new ClientNotice(ttl),
        };
        Assert.Equal(new BlockingInfo(BlockingReason.Spam, notice), (await owner.NextAsync<QueueBlocked>()).Info);
        var error = Assert.IsType<BlockedError>(await owner.Client.SendAsync(queue.Unsecured(), "x").ErrorAsync());
        Assert.Equal(new BlockingInfo(BlockingReason.Spam, notice), error.Info);
    }

    [Fact]
    [Spec("S-369", "O-248", "O-249")]
    public async Task A_queue_that_is_inactive_already_is_said_to_be()
    {
        using ControlSessionClient session = await _router.AdminAsync();
        await using Peer owner = await _router.Router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();
        string id = IdOf(queue.SenderId);
        await owner.Client.SuspendAsync(queue);
        Assert.StartsWith("status: EntityOff, ", await session.AskOneAsync($"status {id}"));
        Assert.Equal("error, queue is inactive", await session.AskOneAsync($"unblock {id}"));
        Assert.Equal(Blocked.Replace("queue blocked", "already inactive"), await session.AskOneAsync($"block {id} reason=content"));
        await owner.NextAsync<QueueBlocked>();
        Assert.Equal(
            "ok, already inactive: EntityBlocked (BlockingInfo {reason = BRSpam, notice = Nothing})", await session.AskOneAsync($"block {id} reason=spam"));
        Assert.Equal(BlockingReason.Spam, (await owner.NextAsync<QueueBlocked>()).Info.Reason);

        // What is suspended or deleted by its owner stays in his power (S-246).
        await owner.Client.SuspendAsync(queue);
        await owner.Client.DeleteAsync(queue);
        Assert.Equal("error: AUTH", await session.AskOneAsync($"status {id}"));
        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-369", "O-246", "O-247", "O-248", "O-249")]
    public async Task A_queue_is_found_by_its_sender_id_or_its_link_and_by_nothing_else()
    {
        using ControlSessionClient session = await _router.AdminAsync();
        await using Peer owner = await _router.Router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(
            new NewQueue { Mode = QueueMode.Contact, LinkId = EntityId.Random(), Link = new LinkData(new byte[10], new byte[10]), Subscribe = false });
        string link = IdOf(queue.LinkId!.Value);
        Assert.EndsWith("queueMode: Just QMContact", await session.AskOneAsync($"status {link}"));
        Assert.Equal(Blocked, await session.AskOneAsync($"block {link} reason=content"));
        Assert.IsType<BlockedError>(await owner.Client.GetLinkAsync(queue.LinkId!.Value).ErrorAsync());
        Assert.StartsWith("ok, queue unblocked", await session.AskOneAsync($"unblock {link.TrimEnd('=')}"));
        foreach (string unknown in new[] { IdOf(queue.RecipientId), IdOf(EntityId.Random()), "AAAA" })
        {
            Assert.Equal("error: AUTH", await session.AskOneAsync($"status {unknown}"));
            Assert.Equal("error: AUTH", await session.AskOneAsync($"block {unknown} reason=spam"));
            Assert.Equal("error: AUTH", await session.AskOneAsync($"unblock {unknown}"));
            Assert.Equal("error: AUTH", await session.AskOneAsync($"delete {unknown}"));
        }

        Assert.Equal("ok, 0 messages deleted", await session.AskOneAsync($"delete {link}"));
        Assert.Equal("error: AUTH", await session.AskOneAsync($"status {link}"));
        Assert.Equal("error: AUTH", await session.AskOneAsync($"status {IdOf(queue.SenderId)}"));
    }

    [Fact]
    [Spec("S-369", "O-246")]
    public async Task A_deleted_queue_is_gone_with_its_messages_and_nobody_is_told()
    {
        using ControlSessionClient session = await _router.AdminAsync();
        await using Peer owner = await _router.Router.ConnectAsync();
        await using Peer sender = await _router.Router.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        using RecipientQueue other = await owner.Client.CreateQueueAsync();
        foreach (string text in new[] { "one", "two", "three" })
        {
            await sender.Client.SendAsync(queue.Unsecured(), text);
        }

        await owner.Client.SubscribeAsync(queue);
        await owner.MessageAsync(queue);
        Assert.Equal("ok, 3 messages deleted", await session.AskOneAsync($"delete {IdOf(queue.SenderId)}"));
        Assert.Equal(SmpError.Auth, await sender.Client.SendAsync(queue.Unsecured(), "x").ErrorAsync());
        Assert.Equal(SmpError.Auth, await owner.Client.SubscribeAsync(queue).ErrorAsync());
        Assert.Equal("error: AUTH", await session.AskOneAsync($"delete {IdOf(queue.SenderId)}"));

        // The rest of the connection goes on.
        await sender.Client.SendAsync(other.Unsecured(), "still here");
        Assert.Equal("still here", await owner.ReceiveAsync(other));
        Assert.Empty(await owner.CloseAsync());
    }

    [Fact]
    [Spec("S-369", "S-494", "O-248", "O-251", "O-633")]
    public async Task Only_so_many_queues_can_be_blocked_in_a_day_whatever_is_restarted()
    {
        using var folder = new TemporaryFolder();
        var queues = new List<RecipientQueue>();
        await using (ControlledRouter router = await ControlledRouter.StartAsync(folder.Path, "control.daily_block_queue_quota=2"))
        {
            using ControlSessionClient session = await router.UserAsync();
            await using Peer owner = await router.Router.ConnectAsync();
            for (int i = 0; i < 3; i++)
            {
                queues.Add(await owner.Client.CreateQueueAsync());
            }

            Assert.Equal(Blocked, await session.AskOneAsync($"block {IdOf(queues[0].SenderId)} reason=content"));
            Assert.StartsWith("ok, already inactive", await session.AskOneAsync($"block {IdOf(queues[0].SenderId)} reason=spam"));
            Assert.Equal(Blocked, await session.AskOneAsync($"block {IdOf(queues[1].SenderId)} reason=content"));
            Assert.Equal("error: reached limit of 2 queues blocked daily", await session.AskOneAsync($"block {IdOf(queues[2].SenderId)} reason=content"));
            Assert.StartsWith("status: EntityActive", await session.AskOneAsync($"status {IdOf(queues[2].SenderId)}"));
            await router.Router.StopAsync(RouterProgram.Sigterm);
        }

        await using ControlledRouter again = await ControlledRouter.StartAsync(folder.Path, "control.daily_block_queue_quota=2");
        using ControlSessionClient later = await again.AdminAsync();
        Assert.StartsWith("status: EntityBlocked", await later.AskOneAsync($"status {IdOf(queues[0].SenderId)}"));
        Assert.Equal("error: reached limit of 2 queues blocked daily", await later.AskOneAsync($"block {IdOf(queues[2].SenderId)} reason=content"));
        queues.ForEach(queue => queue.Dispose());
    }

    [Fact]
    [Spec("S-369")]
    public async Task A_negative_quota_prohibits_blocking()
    {
        await using ControlledRouter router = await ControlledRouter.StartAsync(null, "control.daily_block_queue_quota=-1");
        using ControlSessionClient session = await router.AdminAsync();
        Assert.Equal("error: reached limit of -1 queues blocked daily", await session.AskOneAsync($"block {IdOf(EntityId.Random())} reason=spam"));
    }
}
