using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Acceptance.Services;

/// <summary>Puts many queues of a service, each with a message, into the store of a router that is stopped.</summary>
internal static class LargeService
{
    private const int QueuesPerCommit = 1000;

    /// <summary>Fills the store below <paramref name="folder"/> and returns the queues' ids.</summary>
    public static async Task<HashSet<EntityId>> FillAsync(string folder, EntityId serviceId, int queues)
    {
        var ids = new HashSet<EntityId>();
        using var key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        await using SqliteQueueStore store = await SqliteQueueStore.OpenAsync(
            new SqliteStoreOptions { Path = Path.Combine(folder, "store", "queues.db") },
            NullLogger<SqliteQueueStore>.Instance,
            TimeProvider.System);
        while (ids.Count < queues)
        {
            var sets = new List<WriteSet<QueueChange>>(QueuesPerCommit);
            for (int i = 0; i < QueuesPerCommit; i++)
            {
                sets.Add(OneQueue(serviceId, key.Public));
                ids.Add(sets[^1].Entity);
            }

            CommitResult result = await store.CommitAsync(sets, CancellationToken.None);
            if (result.Outcome is not CommitOutcome.Committed || !result.Conflicts.IsEmpty)
            {
                throw new InvalidOperationException("The store could not be filled.", result.Cause);
            }
        }

        return ids;
    }

    private static WriteSet<QueueChange> OneQueue(in EntityId serviceId, PublicKey key)
    {
        var record = new QueueRecord
        {
            RecipientId = EntityId.Random(),
            SenderId = EntityId.Random(),
            RecipientKeys = [key],
            DhSecret = [.. RandomNumberGenerator.GetBytes(32)],
            Mode = QueueMode.Messaging,
            ServiceId = serviceId,
            UpdatedDay = QueueRecord.DayOf(TimeProvider.System.GetUtcNow()),
        };
        var header = new MessageHeader(1, EntityId.Random(), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), Notify: false, IsQuotaMarker: false);
        return new WriteSet<QueueChange>(
            record.RecipientId,
            [
                new QueueChange.Create(record, null),
                new QueueChange.ServiceQueue(serviceId, record.RecipientId, Added: true),
                new QueueChange.AddMessage(record.RecipientId, header, "hello"u8.ToArray()),
            ]);
    }
}
