using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Suite: client services and the queues that belong to them.</summary>
public abstract class QueueStoreServiceSuite : QueueStoreSuite
{
    private const int Day = 20_000;

    private IServiceStore Services => Store.Services;

    [Fact]
    [Spec("S-101", "S-315", "S-373")]
    public async Task A_service_is_stored_and_found_by_its_certificate()
    {
        ServiceRecord service = NewService(ServiceRole.Notifier);
        Assert.Null(await Services.FindAsync(service.Fingerprint, Cancellation));
        Assert.Equal(None, await Services.CountAsync(service.ServiceId, Cancellation));
        Assert.Null(Assert.Single(await Services.LoadAsync([service.ServiceId], Cancellation)));

        await CommitAsync(new ServiceChange.Create(service));
        await ReopenAsync();

        Assert.Equal((service.ServiceId, ServiceRole.Notifier), await Services.FindAsync(service.Fingerprint, Cancellation));
        ServiceRecord loaded = Assert.Single(await Services.LoadAsync([service.ServiceId], Cancellation))!;
        Assert.Equal(service.Chain.Select(der => Convert.ToHexString(der.Span)), loaded.Chain.Select(der => Convert.ToHexString(der.Span)));
        Assert.Equal(service with { Chain = loaded.Chain }, loaded);
        Assert.Equal(None, await Services.CountAsync(service.ServiceId, Cancellation));
    }

    [Fact]
    [Spec("S-101")]
    public async Task A_certificate_names_one_service()
    {
        ServiceRecord first = NewService();
        ServiceRecord second = NewService() with { Fingerprint = first.Fingerprint };
        ServiceRecord third = NewService();
        CommitResult result = await Services.CommitAsync(
            [Set(first), Set(second), new(second.ServiceId, [new ServiceChange.Use(second.ServiceId, Day)]), Set(third)], Cancellation);

        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Equal([1, 2], result.Conflicts);
        Assert.Equal([true, false, true], (await Services.LoadAsync([first.ServiceId, second.ServiceId, third.ServiceId], Cancellation)).Select(row => row is not null));
    }

    [Fact]
    [Spec("S-321", "S-322", "S-323")]
    public async Task Queues_are_counted_with_their_records()
    {
        ServiceRecord service = NewService();
        await CommitAsync(new ServiceChange.Create(service));
        QueueRecord first = Samples.Queue() with { ServiceId = service.ServiceId };
        QueueRecord second = Samples.Queue();
        await CommitAsync(
            Samples.Set(first.RecipientId, new QueueChange.Create(first, null), Count(service, first.RecipientId, true)),
            Samples.Create(second));
        await AssertCountAsync(service, first.RecipientId);

        second = second with { ServiceId = service.ServiceId };
        await CommitAsync(Samples.Set(second.RecipientId, new QueueChange.Update(second), Count(service, second.RecipientId, true)));
        await ReopenAsync();
        await AssertCountAsync(service, first.RecipientId, second.RecipientId);
        AssertSame(second, await LoadRecordAsync(second.RecipientId));

        first = first with { ServiceId = null };
        await CommitAsync(
            Samples.Set(first.RecipientId, new QueueChange.Update(first), Count(service, first.RecipientId, false)),
            Samples.Set(second.RecipientId, new QueueChange.Delete(second.RecipientId), Count(service, second.RecipientId, false)));
        AssertSame(first, await LoadRecordAsync(first.RecipientId));
        Assert.Equal(None, await Services.CountAsync(service.ServiceId, Cancellation));
    }

    [Fact]
    [Spec("S-323")]
    public async Task A_set_that_conflicts_is_not_counted()
    {
        ServiceRecord service = NewService();
        await CommitAsync(new ServiceChange.Create(service));
        QueueRecord first = Samples.Queue() with { ServiceId = service.ServiceId };
        QueueRecord taken = Samples.Queue() with { SenderId = first.SenderId, ServiceId = service.ServiceId };
        QueueRecord orphan = Samples.Queue() with { ServiceId = EntityId.Random() };
        CommitResult result = await Store.CommitAsync(
            [
                Samples.Set(first.RecipientId, new QueueChange.Create(first, null), Count(service, first.RecipientId, true)),
                Samples.Set(taken.RecipientId, new QueueChange.Create(taken, null), Count(service, taken.RecipientId, true)),
                Samples.Set(orphan.RecipientId, new QueueChange.Create(orphan, null), new QueueChange.ServiceQueue(orphan.ServiceId!.Value, orphan.RecipientId, true)),
            ],
            Cancellation);

        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Equal([1, 2], result.Conflicts);
        await AssertCountAsync(service, first.RecipientId);
        Assert.Null(await LoadAsync(orphan.RecipientId));
    }

    [Fact]
    [Spec("S-316", "S-499")]
    public async Task Queues_with_messages_come_in_pages()
    {
        ServiceRecord service = NewService();
        await CommitAsync(new ServiceChange.Create(service));
        var expected = new List<EntityId>();
        for (int i = 0; i < 50; i++)
        {
            QueueRecord queue = Samples.Queue() with { ServiceId = i % 5 == 4 ? null : service.ServiceId };
            await CommitAsync(Samples.Create(queue));
            if (i % 2 == 0)
            {
                await CommitAsync(Samples.Add(queue, Samples.Header(1), Samples.Bytes(10)), Samples.Add(queue, Samples.Header(2), Samples.Bytes(10)));
                expected.AddRange(queue.ServiceId is null ? [] : [queue.RecipientId]);
            }
        }

        var found = new List<EntityId>();
        for (EntityId? next = EntityId.Empty; next is { } after;)
        {
            (IReadOnlyList<EntityId> page, next) = await Services.FindQueuesAsync(service.ServiceId, after, 7, Cancellation);
            Assert.InRange(page.Count, 0, 7);
            found.AddRange(page);
        }

        Assert.Equal(expected.Select(Hex).Order(StringComparer.Ordinal), found.Select(Hex));
        Assert.Empty((await Services.FindQueuesAsync(EntityId.Random(), EntityId.Empty, 7, Cancellation)).Queues);
    }

    [Fact]
    [Spec("S-319")]
    public async Task Notifiers_with_notifications_come_in_pages()
    {
        ServiceRecord service = NewService(ServiceRole.Notifier);
        await CommitAsync(new ServiceChange.Create(service));
        var expected = new List<(string, string)>();
        for (int i = 0; i < 20; i++)
        {
            QueueNotifier notifier = Samples.Notifier() with { ServiceId = i % 5 == 4 ? null : service.ServiceId };
            QueueRecord queue = Samples.Queue() with { Notifier = notifier };
            await CommitAsync(Samples.Create(queue));
            AssertSame(queue, await LoadRecordAsync(queue.RecipientId));
            if (i % 2 == 0)
            {
                await CommitAsync(Samples.Set(queue.RecipientId, new QueueChange.AddNotification(notifier.NotifierId, Samples.Notification(), 10)));
                expected.AddRange(notifier.ServiceId is null ? [] : [(Hex(notifier.NotifierId), Hex(queue.RecipientId))]);
            }
        }

        var found = new List<(string, string)>();
        for (EntityId? next = EntityId.Empty; next is { } after;)
        {
            (IReadOnlyList<ServiceNotifier> page, next) = await Services.FindNotifiersAsync(service.ServiceId, after, 3, Cancellation);
            found.AddRange(page.Select(one => (Hex(one.NotifierId), Hex(one.RecipientId))));
        }

        Assert.Equal(expected.Order(), found);
    }

    [Fact]
    [Spec("S-498")]
    public async Task Services_that_nobody_uses_can_be_deleted()
    {
        ServiceRecord unused = NewService();
        ServiceRecord recent = NewService();
        ServiceRecord withQueue = NewService();
        await CommitAsync(new ServiceChange.Create(unused), new ServiceChange.Create(recent), new ServiceChange.Create(withQueue));
        await CommitAsync(new ServiceChange.Use(recent.ServiceId, Day + 10));
        QueueRecord queue = Samples.Queue() with { ServiceId = withQueue.ServiceId };
        await CommitAsync(Samples.Set(queue.RecipientId, new QueueChange.Create(queue, null), Count(withQueue, queue.RecipientId, true)));

        Assert.Equal(0, await Services.DeleteUnusedAsync(Day, Cancellation));
        Assert.Equal(1, await Services.DeleteUnusedAsync(Day + 10, Cancellation));
        Assert.Null(await Services.FindAsync(unused.Fingerprint, Cancellation));
        Assert.NotNull(await Services.FindAsync(recent.Fingerprint, Cancellation));
        Assert.NotNull(await Services.FindAsync(withQueue.Fingerprint, Cancellation));
    }

    private static ServiceQueues None { get; } = new(0, ServiceQueues.EmptyHash);

    private static string Hex(EntityId id) => Convert.ToHexString(id.Bytes);

    private static QueueChange.ServiceQueue Count(ServiceRecord service, EntityId id, bool added) => new(service.ServiceId, id, added);

    private static WriteSet<ServiceChange> Set(ServiceRecord service) => new(service.ServiceId, [new ServiceChange.Create(service)]);

    private static ServiceRecord NewService(ServiceRole role = ServiceRole.Messaging) => new()
    {
        ServiceId = EntityId.Random(),
        Role = role,
        Chain = [Samples.Bytes(400), Samples.Bytes(300)],
        Fingerprint = new EntityId(Samples.Bytes(32)),
        CreatedDay = Day,
        LastUsedDay = Day,
    };

    private async Task CommitAsync(params ServiceChange[] changes)
    {
        CommitResult result = await Services.CommitAsync([.. changes.Select(change => new WriteSet<ServiceChange>(EntityId.Random(), [change]))], Cancellation);
        Assert.Equal(CommitOutcome.Committed, result.Outcome);
        Assert.Empty(result.Conflicts);
    }

    private async Task AssertCountAsync(ServiceRecord service, params EntityId[] queues)
    {
        byte[] hash = new byte[ProtocolHash.QueuesHashLength];
        foreach (EntityId queue in queues)
        {
            ProtocolHash.ToggleQueue(hash, queue.Bytes);
        }

        Assert.Equal(new ServiceQueues(queues.Length, new EntityId(hash)), await Services.CountAsync(service.ServiceId, Cancellation));
    }
}
