using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Suite: queue records, their aliases and links, conflicts.</summary>
public abstract class QueueStoreRecordSuite : QueueStoreSuite
{
    public static TheoryData<string> Statuses => ["active", "off", "blocked,reason=spam", "blocked,reason=content,notice={\"ttl\":86400}", "blocked,reason=spam,notice={}"];

    [Fact]
    [Spec("S-372", "S-233")]
    public async Task A_queue_comes_back_as_it_was_stored()
    {
        QueueRecord plain = Samples.Queue();
        QueueRecord full = Samples.Queue() with
        {
            RecipientKeys = [Samples.Key(), Samples.Key(KeyAlgorithm.Ed25519), Samples.Key(KeyAlgorithm.Ed448)],
            SenderKey = Samples.Key(KeyAlgorithm.Ed448),
            Mode = QueueMode.Contact,
            Link = Samples.Link(),
            Notifier = Samples.Notifier() with { ServiceId = EntityId.Random() },
            UpdatedDay = 20_000,
            ServiceId = EntityId.Random(),
            KeysVersion = long.MaxValue,
        };
        await CommitAsync(Samples.Create(plain), Samples.Create(full, Samples.Blobs()));
        await ReopenAsync();

        AssertSame(plain, await LoadRecordAsync(plain.RecipientId));
        AssertSame(full, await LoadRecordAsync(full.RecipientId));
    }

    [Fact]
    [Spec("S-141")]
    public async Task A_queue_has_up_to_255_recipient_keys()
    {
        QueueRecord record = Samples.Queue() with { RecipientKeys = [.. Enumerable.Range(0, 255).Select(_ => Samples.Key(KeyAlgorithm.Ed448))] };
        await CommitAsync(Samples.Create(record));
        AssertSame(record, await LoadRecordAsync(record.RecipientId));
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    [Spec("S-368")]
    public async Task A_status_comes_back_as_it_was_stored(string text)
    {
        QueueRecord record = Samples.Queue() with { Status = QueueStatusText.TryDecode(System.Text.Encoding.UTF8.GetBytes(text))! };
        Assert.Equal(text, QueueStatusText.Encode(record.Status));
        await CommitAsync(Samples.Create(record));
        AssertSame(record, await LoadRecordAsync(record.RecipientId));
    }

    [Fact]
    public async Task Rows_come_in_the_order_of_the_ids_with_null_for_what_is_not_stored()
    {
        QueueRecord[] records = [.. Enumerable.Range(0, 300).Select(_ => Samples.Queue())];
        await CommitAsync([.. records.Select(record => Samples.Create(record))]);
        List<EntityId> ids = [.. records.Reverse().SelectMany(record => new[] { record.RecipientId, EntityId.Random() })];

        IReadOnlyList<StoredQueue?> rows = await Store.LoadAsync(ids, Cancellation);

        Assert.Equal(ids.Count, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            Assert.Equal(i % 2 == 0 ? ids[i] : (EntityId?)null, rows[i]?.Record.RecipientId);
        }
    }

    [Fact]
    public async Task An_update_replaces_everything_but_the_ids()
    {
        QueueRecord record = Samples.Queue();
        await CommitAsync(Samples.Create(record));
        QueueRecord changed = record with
        {
            RecipientKeys = [Samples.Key(KeyAlgorithm.Ed448)],
            SenderKey = Samples.Key(),
            Mode = QueueMode.Messaging,
            Notifier = Samples.Notifier(),
            Status = QueueStatus.Off,
            UpdatedDay = 20_001,
            ServiceId = EntityId.Random(),
            KeysVersion = 2,
        };
        await CommitAsync(Samples.Update(changed));
        AssertSame(changed, await LoadRecordAsync(record.RecipientId));

        await CommitAsync(Samples.Update(record with { KeysVersion = 3 }));
        AssertSame(record with { KeysVersion = 3 }, await LoadRecordAsync(record.RecipientId));
    }

    [Fact]
    [Spec("S-293", "S-294")]
    public async Task Aliases_lead_to_the_queue_as_long_as_it_has_them()
    {
        QueueRecord record = Samples.Queue() with { Link = Samples.Link(), Notifier = Samples.Notifier() };
        await CommitAsync(Samples.Create(record, Samples.Blobs()));
        EntityId oldNotifier = record.Notifier.NotifierId;
        EntityId link = record.Link.LinkId;

        Assert.Equal(record.RecipientId, await Store.ResolveAsync(QueueAlias.Sender, record.SenderId, Cancellation));
        Assert.Equal(record.RecipientId, await Store.ResolveAsync(QueueAlias.Notifier, oldNotifier, Cancellation));
        Assert.Equal(record.RecipientId, await Store.ResolveAsync(QueueAlias.Link, link, Cancellation));
        Assert.Null(await Store.ResolveAsync(QueueAlias.Sender, record.RecipientId, Cancellation));

        record = record with { Link = null, Notifier = Samples.Notifier() };
        await CommitAsync(Samples.Update(record));
        Assert.Null(await Store.ResolveAsync(QueueAlias.Notifier, oldNotifier, Cancellation));
        Assert.Equal(record.RecipientId, await Store.ResolveAsync(QueueAlias.Notifier, record.Notifier!.NotifierId, Cancellation));
        Assert.Null(await Store.ResolveAsync(QueueAlias.Link, link, Cancellation));

        await CommitAsync(Samples.Update(record with { Notifier = null }));
        Assert.Null(await Store.ResolveAsync(QueueAlias.Notifier, record.Notifier.NotifierId, Cancellation));
    }

    [Fact]
    [Spec("S-301", "S-305")]
    public async Task Link_blobs_are_replaced_kept_and_deleted_with_the_link()
    {
        QueueRecord record = Samples.Queue() with { Link = Samples.Link() };
        LinkData first = Samples.Blobs();
        await CommitAsync(Samples.Create(record, first));
        await AssertLinkAsync(record.Link.LinkId, first);

        await CommitAsync(Samples.Update(record with { UpdatedDay = 1 }));
        await AssertLinkAsync(record.Link.LinkId, first);

        LinkData second = first with { User = Samples.Bytes(100) };
        await CommitAsync(Samples.Update(record, second));
        await AssertLinkAsync(record.Link.LinkId, second);

        QueueRecord moved = record with { Link = Samples.Link() };
        LinkData third = Samples.Blobs(0);
        await CommitAsync(Samples.Update(moved, third));
        Assert.Null(await Store.ReadLinkAsync(record.Link.LinkId, Cancellation));
        await AssertLinkAsync(moved.Link.LinkId, third);

        await CommitAsync(Samples.Update(record with { Link = null }));
        Assert.Null(await Store.ReadLinkAsync(moved.Link.LinkId, Cancellation));

        QueueRecord other = Samples.Queue() with { Link = moved.Link };
        await CommitAsync(Samples.Create(other, first));
        await AssertLinkAsync(moved.Link.LinkId, first);
    }

    [Fact]
    public async Task A_taken_id_skips_its_set_whole_and_nothing_else()
    {
        QueueRecord there = Samples.Queue() with { Link = Samples.Link(), Notifier = Samples.Notifier() };
        await CommitAsync(Samples.Create(there, Samples.Blobs()));
        QueueRecord good = Samples.Queue();
        QueueRecord[] bad =
        [
            Samples.Queue() with { RecipientId = there.RecipientId },
            Samples.Queue() with { SenderId = there.SenderId },
            Samples.Queue() with { Notifier = Samples.Notifier() with { NotifierId = there.Notifier.NotifierId } },
            Samples.Queue() with { Link = there.Link },
            Samples.Queue() with { SenderId = good.SenderId },
        ];

        CommitResult result = await Store.CommitAsync(
            [
                Samples.Create(bad[0]),
                Samples.Create(good),
                Samples.Create(bad[1]),
                Samples.Create(bad[2]),
                Samples.Set(bad[3].RecipientId, Message(bad[3]), new QueueChange.Create(bad[3], Samples.Blobs())),
                Samples.Create(bad[4]),
                Samples.Add(good, Samples.Header(1), Samples.Bytes(10)),
            ],
            Cancellation);

        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Equal([0, 2, 3, 4, 5], result.Conflicts);
        Assert.All(await Store.LoadAsync([.. bad[1..].Select(record => record.RecipientId)], Cancellation), Assert.Null);
        AssertSame(there, await LoadRecordAsync(there.RecipientId));
        Assert.Single((await LoadAsync(good.RecipientId))!.Messages);
        Assert.Equal(new StoreCounts(2, 1, 1, 0), await Store.CountAsync(Cancellation));

        static QueueChange Message(QueueRecord record) =>
            new QueueChange.AddMessage(record.RecipientId, Samples.Header(1), Samples.Bytes(10));
    }

    [Fact]
    [Spec("S-302", "S-480")]
    public async Task An_update_that_takes_anothers_id_is_a_conflict()
    {
        QueueRecord there = Samples.Queue() with { Link = Samples.Link(), Notifier = Samples.Notifier() };
        LinkData blobs = Samples.Blobs();
        QueueRecord mine = Samples.Queue();
        await CommitAsync(Samples.Create(there, blobs), Samples.Create(mine));

        QueueRecord linked = mine with { Link = there.Link };
        CommitResult result = await Store.CommitAsync(
            [
                Samples.Update(linked, Samples.Blobs()),
                Samples.Update(linked with { UpdatedDay = 7 }),
                Samples.Update(mine with { Notifier = Samples.Notifier() with { NotifierId = there.Notifier.NotifierId } }),
            ],
            Cancellation);

        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Equal([0, 1, 2], result.Conflicts);
        AssertSame(mine, await LoadRecordAsync(mine.RecipientId));
        await AssertLinkAsync(there.Link.LinkId, blobs);
        Assert.Equal(there.RecipientId, await Store.ResolveAsync(QueueAlias.Notifier, there.Notifier.NotifierId, Cancellation));
    }

    [Fact]
    public async Task An_update_of_a_queue_that_is_not_stored_fails_and_stores_nothing()
    {
        QueueRecord other = Samples.Queue();
        CommitResult result = await Store.CommitAsync([Samples.Create(other), Samples.Update(Samples.Queue())], Cancellation);
        Assert.Equal(CommitOutcome.Failed, result.Outcome);
        Assert.NotNull(result.Cause);
        Assert.Null(await LoadAsync(other.RecipientId));
    }

    [Fact]
    [Spec("S-380", "S-392", "S-485")]
    public async Task Deleting_a_queue_leaves_nothing_of_it_and_frees_its_ids()
    {
        QueueRecord record = Samples.Queue() with { Link = Samples.Link(), Notifier = Samples.Notifier() };
        QueueRecord neighbour = Samples.Queue();
        MessageHeader message = Samples.Header(1);
        EntityId notifier = record.Notifier.NotifierId;
        await CommitAsync(
            Samples.Create(record, Samples.Blobs()),
            Samples.Create(neighbour),
            Samples.Add(record, message, Samples.Bytes(16_000)),
            Samples.Add(neighbour, Samples.Header(1), Samples.Bytes(100)),
            Samples.Set(record.RecipientId, new QueueChange.AddNotification(notifier, Samples.Notification(), 10)));

        await CommitAsync(Samples.Set(record.RecipientId, new QueueChange.Delete(record.RecipientId)));

        Assert.Null(await LoadAsync(record.RecipientId));
        Assert.Null(await Store.ResolveAsync(QueueAlias.Sender, record.SenderId, Cancellation));
        Assert.Null(await Store.ReadLinkAsync(record.Link.LinkId, Cancellation));
        Assert.Empty(await Store.ReadNotificationsAsync(notifier, Cancellation));
        Assert.Equal(MessageBodyState.Missing, (await Store.ReadBodyAsync(record.RecipientId, message, Cancellation)).State);
        Assert.Equal(new StoreCounts(1, 1, 0, 0), await Store.CountAsync(Cancellation));
        await CommitAsync(Samples.Create(record, Samples.Blobs()));
        Assert.Empty((await LoadAsync(record.RecipientId))!.Messages);
    }

    private async Task AssertLinkAsync(EntityId linkId, LinkData expected)
    {
        LinkData? actual = await Store.ReadLinkAsync(linkId, Cancellation);
        Assert.NotNull(actual);
        Assert.Equal(expected.Fixed.ToArray(), actual.Fixed.ToArray());
        Assert.Equal(expected.User.ToArray(), actual.User.ToArray());
    }

    [Fact]
    [Spec("S-504")]
    public async Task Unused_queues_are_found_page_by_page()
    {
        const int Day = 20_000;
        var expected = new HashSet<EntityId>();
        var blocked = new QueueStatus.Blocked(new BlockingInfo(BlockingReason.Spam));
        for (int i = 0; i < 40; i++)
        {
            foreach ((int day, QueueStatus status, bool hasService, bool isUnused) in ((int, QueueStatus, bool, bool)[])[
                (Day, QueueStatus.Active, false, false),
                (Day - 1, QueueStatus.Active, false, true),
                (Day - 1, blocked, false, true),
                (Day - 1, QueueStatus.Active, true, false),
                (Day + 9, QueueStatus.Off, false, true),
                (Day + 10, QueueStatus.Off, false, false),
                (Day + 9, blocked, false, false),
                (0, QueueStatus.Off, false, false),
            ])
            {
                QueueRecord queue = Samples.Queue() with { UpdatedDay = day, Status = status, ServiceId = hasService ? EntityId.Random() : null };
                await CommitAsync(Samples.Create(queue));
                if (isUnused)
                {
                    expected.Add(queue.RecipientId);
                }
            }
        }

        Assert.Equal(expected, await FindUnusedAsync(new UnusedSince(Day, Day + 10)));
        Assert.Empty(await FindUnusedAsync(new UnusedSince(0, 0)));
        Assert.Equal(40, (await FindUnusedAsync(new UnusedSince(0, Day + 10))).Count);
    }

    [Fact]
    public async Task The_search_for_unused_queues_goes_on_behind_any_number_of_used_ones()
    {
        QueueRecord unused = Samples.Queue() with { RecipientId = new EntityId([.. Enumerable.Repeat((byte)0xFF, 24)]), UpdatedDay = 1 };
        await CommitAsync([.. Enumerable.Range(0, StoreLimits.UnusedScanRows + 1).Select(_ => Samples.Create(Samples.Queue() with { UpdatedDay = 100 })), Samples.Create(unused)]);
        (IReadOnlyList<EntityId> found, EntityId? next) = await Store.FindUnusedAsync(new UnusedSince(50, 0), EntityId.Empty, 7, Cancellation);
        Assert.Empty(found);
        Assert.NotNull(next);
        Assert.Equal([unused.RecipientId], await FindUnusedAsync(new UnusedSince(50, 0)));
    }

    private async Task<HashSet<EntityId>> FindUnusedAsync(UnusedSince since)
    {
        var found = new List<EntityId>();
        for (EntityId? after = EntityId.Empty; after is { } from;)
        {
            (IReadOnlyList<EntityId> page, after) = await Store.FindUnusedAsync(since, from, 7, Cancellation);
            Assert.InRange(page.Count, 0, 7);
            found.AddRange(page);
        }

        Assert.Distinct(found);
        return [.. found];
    }
}
