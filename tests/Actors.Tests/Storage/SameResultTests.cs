using System.Globalization;
using System.Text;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Testing;
using Xunit;
using MessageBody = SimplexActors.Actors.Storage.MessageBody;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>
/// SQLite carries out changes one by one in their order; PostgreSQL by kind, after working out what they come to. The same
/// random groups lead both to the same outcomes, conflicts and contents.
/// </summary>
public sealed class SameResultTests(PostgresServer server) : IAsyncDisposable
{
    private const int Groups = 150;

    private readonly TemporaryFolder _folder = new();
    private readonly PostgresTestStore _postgres = new(server);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _postgres.RemoveAsync();
        await _folder.RemoveAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Both_stores_come_to_the_same(int seed)
    {
        var changes = new RandomChanges(seed);
        await using IQueueStore postgres = await _postgres.OpenAsync();
        await using IQueueStore sqlite = await _folder.OpenStoreAsync();
        IQueueStore[] stores = [sqlite, postgres];
        ServiceRecord[] services = [.. changes.Services.Take(2).Select(Service)];
        LinkData blobs = Samples.Blobs(10);
        foreach (IQueueStore store in stores)
        {
            await store.CommitAsync([Samples.Create(changes.Fixed, blobs)], Cancellation);
            await store.Services.CommitAsync([.. services.Select(service => new WriteSet<ServiceChange>(service.ServiceId, [new ServiceChange.Create(service)]))], Cancellation);
        }

        int conflicts = 0;
        for (int i = 0; i < Groups; i++)
        {
            List<WriteSet<QueueChange>> group = changes.Group();
            CommitResult expected = await sqlite.CommitAsync(group, Cancellation);
            CommitResult actual = await postgres.CommitAsync(group, Cancellation);
            Assert.Equal((CommitOutcome.Committed, CommitOutcome.Committed), (expected.Outcome, actual.Outcome));
            Assert.Equal(expected.Conflicts, actual.Conflicts);
            conflicts += expected.Conflicts.Length;
            changes.Committed(group, expected.Conflicts);
            Assert.Equal(await ContentsAsync(sqlite, changes), await ContentsAsync(postgres, changes));
        }

        // Those that came and were cleared in one group never got there and so were not dropped for newer ones.
        Assert.InRange(postgres.NotificationsLost, 1, sqlite.NotificationsLost);
        Assert.InRange(conflicts, Groups / 20, Groups * 3);
    }

    private static async Task<string> ContentsAsync(IQueueStore store, RandomChanges changes)
    {
        var text = new StringBuilder();
        EntityId[] ids = [.. changes.Queues.Append(changes.Fixed).Select(queue => queue.RecipientId)];
        foreach (StoredQueue? row in await store.LoadAsync(ids, Cancellation))
        {
            if (row is null)
            {
                text.AppendLine("-");
                continue;
            }

            QueueRecord record = row.Record;
            text.Append(CultureInfo.InvariantCulture, $"{Hex(record.SenderId)} {Hex(record.Link?.LinkId)} {Hex(record.Notifier?.NotifierId)} {record.UpdatedDay}");
            foreach (MessageHeader header in row.Messages)
            {
                MessageBody body = await store.ReadBodyAsync(record.RecipientId, header, Cancellation);
                text.Append(CultureInfo.InvariantCulture, $" [{header.Sequence} {Hex(header.MessageId)} {body.State} {body.Body.Length}]");
            }

            text.AppendLine();
        }

        foreach (QueueRecord queue in changes.Queues.Append(changes.Fixed))
        {
            LinkData? link = await store.ReadLinkAsync(queue.Link!.LinkId, Cancellation);
            EntityId? owner = await store.ResolveAsync(QueueAlias.Link, queue.Link.LinkId, Cancellation);
            IReadOnlyList<StoredNotification> waiting = await store.ReadNotificationsAsync(queue.Notifier!.NotifierId, Cancellation);
            text.AppendLine(CultureInfo.InvariantCulture, $"{Hex(owner)} {(link is null ? "" : Convert.ToHexString(link.User.Span))} {string.Join(' ', waiting.Select(one => Hex(one.MessageId)))}");
        }

        foreach (EntityId service in changes.Services)
        {
            text.AppendLine((await store.Services.CountAsync(service, Cancellation)) is var count ? $"{count.Count} {Hex(count.IdsHash)}" : "");
        }

        return text.AppendLine(CultureInfo.InvariantCulture, $"{await store.CountAsync(Cancellation)}").ToString();
    }

    private static string Hex(EntityId? id) => id is { } some ? Convert.ToHexString(some.Bytes) : "-";

    private static ServiceRecord Service(EntityId id) => new()
    {
        ServiceId = id,
        Role = ServiceRole.Messaging,
        Chain = [Samples.Bytes(50)],
        Fingerprint = new EntityId(Samples.Bytes(32)),
        CreatedDay = 1,
        LastUsedDay = 1,
    };
}
