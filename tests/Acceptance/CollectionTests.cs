using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Acceptance.Support;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Queues that nobody uses any more, in a store that is older than the test: the days of last use are written into it.</summary>
public sealed class CollectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PrivateKey _key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
    private readonly PrivateKey _notifierKey = PrivateKey.Generate(KeyAlgorithm.Ed25519);

    private static int Today => QueueRecord.DayOf(SystemClock.Now);

    public void Dispose()
    {
        _folder.Dispose();
        _key.Dispose();
        _notifierKey.Dispose();
    }

    [Fact]
    [Spec("S-504", "S-258")]
    public async Task Unused_queues_are_deleted_when_the_operator_asks_for_it()
    {
        QueueRecord unused = Notified(Queue(Today - 61));
        QueueRecord off = Notified(Queue(Today - 41)) with { Status = QueueStatus.Off };
        QueueRecord used = Queue(Today - 59);
        QueueRecord justOff = Queue(Today - 39) with { Status = QueueStatus.Off };
        await StoreAsync(unused, off, used, justOff);

        // The interval is also the time that a slow machine has to subscribe after the start.
        await using TestRouter router = await TestRouter.StartAsync(
            _folder.Path, "queues.collect_unused_after=60 days", "queues.collect_suspended_after=40 days", "queues.collect_interval=15 s");
        await using Wire wire = await router.ConnectWireAsync();
        EntityId[] notifiers = [unused.Notifier!.NotifierId, off.Notifier!.NotifierId];
        foreach (EntityId notifier in notifiers)
        {
            Assert.IsType<SokResponse>(await wire.AskAsync("NSUB", notifier, _notifierKey));
        }

        IReadOnlyList<Answer> told = await wire.ReceiveAsync(2);
        Assert.All(told, answer => Assert.IsType<DeldResponse>(answer.Response));
        Assert.Equal(notifiers.ToHashSet(), told.Select(answer => answer.Entity).ToHashSet());
        Assert.Equal(SmpError.Auth, await wire.ErrorAsync("SUB", unused.RecipientId, _key));
        Assert.Equal(SmpError.Auth, await wire.ErrorAsync("QUE", off.RecipientId, _key));
        Assert.IsType<SokResponse>(await wire.AskAsync("SUB", used.RecipientId, _key));
        Assert.IsType<InfoResponse>(await wire.AskAsync("QUE", justOff.RecipientId, _key));
        await router.StopAsync(RouterProgram.Sigterm);
        Assert.Contains("told 2 queues to end", await router.Program.ErrorsAsync());
    }

    [Fact]
    [Spec("S-288", "S-504")]
    public async Task By_default_no_queue_is_ever_deleted()
    {
        QueueRecord unused = Queue(1);
        QueueRecord off = Queue(1) with { Status = QueueStatus.Off };
        await StoreAsync(unused, off);
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path, "queues.expiry_interval=1 s", "queues.message_ttl=1 s", "queues.collect_interval=1 s");
        await using Peer owner = await router.ConnectAsync();
        using RecipientQueue witness = await owner.Client.CreateQueueAsync(new NewQueue { Subscribe = false });
        await owner.Client.SendAsync(witness.Unsecured(), "old");
        await owner.SizeAsync(witness, 0);
        await using Wire wire = await router.ConnectWireAsync();
        Assert.IsType<SokResponse>(await wire.AskAsync("SUB", unused.RecipientId, _key));
        Assert.IsType<InfoResponse>(await wire.AskAsync("QUE", off.RecipientId, _key));
    }

    private QueueRecord Notified(QueueRecord queue) =>
        queue with { Notifier = new QueueNotifier(EntityId.Random(), _notifierKey.Public, Secret()) };

    private QueueRecord Queue(int day) => new()
    {
        RecipientId = EntityId.Random(),
        SenderId = EntityId.Random(),
        RecipientKeys = [_key.Public],
        DhSecret = Secret(),
        Mode = QueueMode.Messaging,
        UpdatedDay = day,
    };

    private static ImmutableArray<byte> Secret() => [.. RandomNumberGenerator.GetBytes(32)];

    /// <summary>Writes queues into the store of a router that does not run.</summary>
    private async Task StoreAsync(params QueueRecord[] queues)
    {
        string path = Path.Combine(_folder.Path, "store", "queues.db");
        await using SqliteQueueStore store = await SqliteQueueStore.OpenAsync(
            new SqliteStoreOptions { Path = path }, NullLogger<SqliteQueueStore>.Instance, TimeProvider.System);
        CommitResult result = await store.CommitAsync(
            [.. queues.Select(queue => new WriteSet<QueueChange>(queue.RecipientId, [new QueueChange.Create(queue, null)]))], TestContext.Current.CancellationToken);
        Assert.Equal(CommitOutcome.Committed, result.Outcome);
    }
}
