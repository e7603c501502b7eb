using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage.Migration;

/// <summary>An embedded store with rows of every kind, and what they are.</summary>
internal sealed class FilledStore
{
    private static readonly DateTimeOffset Since = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    /// <summary>A queue with everything that a queue can have.</summary>
    public QueueRecord Full { get; }

    /// <summary>A queue with nothing that it can be without.</summary>
    public QueueRecord Bare { get; } = Samples.Queue();

    /// <summary>A queue whose message is damaged.</summary>
    public QueueRecord Damaged { get; } = Samples.Queue();

    public ServiceRecord Service { get; } = new()
    {
        ServiceId = EntityId.Random(),
        Role = ServiceRole.Messaging,
        Chain = [Samples.Bytes(500), Samples.Bytes(300)],
        Fingerprint = new EntityId(Samples.Bytes(32)),
        CreatedDay = 19_000,
        LastUsedDay = 19_500,
    };

    public LinkData Blobs { get; } = Samples.Blobs();

    /// <summary>Of <see cref="Full"/>; the last has no body.</summary>
    public ImmutableArray<(MessageHeader Header, byte[] Body)> Messages { get; } =
        [.. Enumerable.Range(1, 5).Select(i => (Samples.Header(i, 1_700_000_000 - i), Samples.Bytes(i == 5 ? 0 : 4_000 * i)))];

    public ImmutableArray<StoredNotification> Notifications { get; } = [Samples.Notification(), Samples.Notification(), Samples.Notification()];

    public byte[] DamagedBody { get; } = Samples.Bytes(700);

    public StoredStatistics Statistics { get; } = new(
        [.. Samples.Bytes(16)], Since, Since.AddDays(2), [new StoredValue("msgSent", long.MaxValue, 7), new StoredValue("qCreated", 3, 0)],
        [new StoredActiveQueues(0, 3, Samples.Bytes(16)), new StoredActiveQueues(5, 4, Samples.Bytes(80))]);

    public StatisticsPeriod Period { get; } = new(
        Since, Since.AddDays(1), ImmutableSortedDictionary.CreateRange<string, long>(StringComparer.Ordinal, [new("msgSent", 9), new("qCount", 2)]));

    public FilledStore() => Full = Samples.Queue() with
    {
        RecipientKeys = [Samples.Key(), Samples.Key(KeyAlgorithm.Ed448)],
        SenderKey = Samples.Key(KeyAlgorithm.Ed25519),
        Mode = QueueMode.Contact,
        Link = Samples.Link(),
        Notifier = Samples.Notifier(),
        Status = QueueStatus.Off,
        UpdatedDay = 19_700,
        KeysVersion = 4_000_000_000,
    };

    /// <summary>Fills an empty store.</summary>
    public async Task FillAsync(IQueueStore store)
    {
        EntityId id = Full.RecipientId;
        await CommittedAsync(store.Services.CommitAsync([new(Service.ServiceId, [new ServiceChange.Create(Service)])], default));
        await CommittedAsync(store.CommitAsync([Samples.Create(Full, Blobs), Samples.Create(Bare), Samples.Create(Damaged)], default));
        await CommittedAsync(store.CommitAsync([Samples.Set(id, new QueueChange.Update(Full with { ServiceId = Service.ServiceId }), new QueueChange.ServiceQueue(Service.ServiceId, id, Added: true))], default));
        await CommittedAsync(store.CommitAsync([.. Messages.Select(one => Samples.Add(Full, one.Header, one.Body))], default));
        await CommittedAsync(store.CommitAsync(
            [.. Notifications.Select(one => Samples.Set(id, new QueueChange.AddNotification(Full.Notifier!.NotifierId, one, Keep: 5)))], default));
        await store.WriteStatisticsAsync(new StatisticsUpdate(Statistics, [], Period), default);
    }

    /// <summary>Adds a message that can be damaged in the file.</summary>
    public async Task<MessageHeader> AddDamageableAsync(IQueueStore store)
    {
        MessageHeader header = Samples.Header(1);
        await CommittedAsync(store.CommitAsync([Samples.Add(Damaged, header, DamagedBody)], default));
        return header;
    }

    /// <summary>Checks that a store serves all of it.</summary>
    public async Task AssertServedAsync(IQueueStore store)
    {
        IReadOnlyList<StoredQueue?> queues = await store.LoadAsync([Full.RecipientId, Bare.RecipientId], default);
        Assert.Equal(Text(Full with { ServiceId = Service.ServiceId }), Text(queues[0]!.Record));
        Assert.Equal(Text(Bare), Text(queues[1]!.Record));
        Assert.Equal(Messages.Select(one => one.Header), queues[0]!.Messages);
        foreach ((MessageHeader header, byte[] body) in Messages)
        {
            Assert.Equal(body, (await store.ReadBodyAsync(Full.RecipientId, header, default)).Body.ToArray());
        }

        LinkData link = (await store.ReadLinkAsync(Full.Link!.LinkId, default))!;
        Assert.Equal(Blobs.Fixed.ToArray(), link.Fixed.ToArray());
        Assert.Equal(Blobs.User.ToArray(), link.User.ToArray());
        Assert.Equal(Full.RecipientId, await store.ResolveAsync(QueueAlias.Sender, Full.SenderId, default));
        Assert.Equal(
            Notifications.Select(one => (one.MessageId, one.Timestamp, one.Nonce, Convert.ToHexString(one.EncryptedMeta.Span))),
            (await store.ReadNotificationsAsync(Full.Notifier!.NotifierId, default)).Select(one => (one.MessageId, one.Timestamp, one.Nonce, Convert.ToHexString(one.EncryptedMeta.Span))));
        Assert.Equal((Service.ServiceId, ServiceRole.Messaging), await store.Services.FindAsync(Service.Fingerprint, default));
        Assert.Equal(1, (await store.Services.CountAsync(Service.ServiceId, default)).Count);
        Assert.Equal(Full.RecipientId, Assert.Single((await store.Services.FindQueuesAsync(Service.ServiceId, new EntityId([]), 10, default)).Queues));
        StoredStatistics statistics = (await store.ReadStatisticsAsync(default))!;
        Assert.Equal(Statistics.HashKey, statistics.HashKey);
        Assert.Equal(Statistics.Values, statistics.Values.OrderBy(value => value.Name, StringComparer.Ordinal));
        Assert.Equal(
            Statistics.ActiveQueues.Select(one => (one.Stripe, one.Day, Convert.ToHexString(one.Entries.Span))),
            statistics.ActiveQueues.Select(one => (one.Stripe, one.Day, Convert.ToHexString(one.Entries.Span))));
        Assert.Equal(Period.Values, Assert.Single(await store.ReadPeriodsAsync(default)).Values);
    }

    private static async Task CommittedAsync(ValueTask<CommitResult> commit)
    {
        CommitResult result = await commit;
        Assert.Equal((CommitOutcome.Committed, 0), (result.Outcome, result.Conflicts.Length));
    }

    private static string Text(QueueRecord record) => string.Join(
        ' ',
        record.RecipientId,
        record.SenderId,
        string.Join(',', record.RecipientKeys.Select(key => Convert.ToHexString(key.Spki))),
        Convert.ToHexString([.. record.DhSecret]),
        record.SenderKey is null ? "-" : Convert.ToHexString(record.SenderKey.Spki),
        record.Mode,
        record.Link,
        record.Notifier?.NotifierId,
        record.Notifier is null ? "-" : Convert.ToHexString(record.Notifier.Key.Spki) + Convert.ToHexString([.. record.Notifier.DhSecret]),
        record.Status,
        record.UpdatedDay,
        record.ServiceId,
        record.KeysVersion);
}
