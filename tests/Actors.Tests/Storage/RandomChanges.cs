using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>
/// Groups of changes from a seed, about a few queues, so that they meet: the same queue changes several times in a group, its
/// message numbers come again, and ids are sometimes those of a queue that stays (<see cref="Fixed"/>).
/// </summary>
internal sealed class RandomChanges(int seed)
{
    private const int Sequences = 5;

    private readonly Random _random = new(seed);
    private readonly EntityId[] _services = [EntityId.Random(), EntityId.Random(), EntityId.Random()];
    private readonly Dictionary<EntityId, QueueRecord> _stored = [];
    private readonly HashSet<(EntityId, long)> _messages = [];

    /// <summary>Never changes; others may try to take its ids.</summary>
    public QueueRecord Fixed { get; } = Samples.Queue() with { Link = Samples.Link(), Notifier = Samples.Notifier() };

    /// <summary>All queues that there can be.</summary>
    public ImmutableArray<QueueRecord> Queues { get; } =
        [.. Enumerable.Range(0, 6).Select(_ => Samples.Queue() with { Link = Samples.Link(), Notifier = Samples.Notifier() })];

    /// <summary>Services that queues may be counted in; the last one is not stored.</summary>
    public IReadOnlyList<EntityId> Services => _services;

    /// <summary>The next group, about what is stored according to <see cref="Committed"/>.</summary>
    public List<WriteSet<QueueChange>> Group()
    {
        var records = new Dictionary<EntityId, QueueRecord>(_stored);
        var messages = new HashSet<(EntityId, long)>(_messages);
        var closed = new HashSet<EntityId>();
        var sets = new List<WriteSet<QueueChange>>();
        for (int i = _random.Next(1, 12); i > 0; i--)
        {
            QueueRecord queue = Queues[_random.Next(Queues.Length)];
            EntityId id = queue.RecipientId;
            if (closed.Contains(id))
            {
                continue;
            }

            List<QueueChange> changes = records.TryGetValue(id, out QueueRecord? record) ? Changes(record, messages, records) : [Create(queue, records)];
            if (changes.Exists(change => change is QueueChange.Create or QueueChange.Update))
            {
                // The writer's rule: a set that may be skipped is the last one of its queue in its group.
                closed.Add(id);
            }

            sets.Add(new WriteSet<QueueChange>(id, [.. changes]));
        }

        return sets;
    }

    /// <summary>A group was committed, but for the sets that conflicted.</summary>
    public void Committed(List<WriteSet<QueueChange>> sets, ImmutableArray<int> conflicts)
    {
        foreach (QueueChange change in sets.Where((_, i) => !conflicts.Contains(i)).SelectMany(set => set.Changes))
        {
            switch (change)
            {
                case QueueChange.Create create:
                    _stored[create.Record.RecipientId] = create.Record;
                    break;
                case QueueChange.Update update:
                    _stored[update.Record.RecipientId] = update.Record;
                    break;
                case QueueChange.Delete delete:
                    _stored.Remove(delete.RecipientId);
                    _messages.RemoveWhere(key => key.Item1 == delete.RecipientId);
                    break;
                case QueueChange.AddMessage add:
                    _messages.Add((add.RecipientId, add.Header.Sequence));
                    break;
                case QueueChange.DeleteMessage delete:
                    _messages.Remove((delete.RecipientId, delete.Sequence));
                    break;
            }
        }
    }

    private QueueChange.Create Create(QueueRecord queue, Dictionary<EntityId, QueueRecord> records)
    {
        QueueRecord record = queue with
        {
            Link = _random.Next(2) == 0 ? Link(queue) : null,
            Notifier = _random.Next(2) == 0 ? Notifier(queue) : null,
            SenderId = _random.Next(8) == 0 ? Fixed.SenderId : queue.SenderId,
        };
        records[record.RecipientId] = record;
        return new QueueChange.Create(record, record.Link is null ? null : Samples.Blobs(20));
    }

    private List<QueueChange> Changes(QueueRecord record, HashSet<(EntityId, long)> messages, Dictionary<EntityId, QueueRecord> records)
    {
        EntityId id = record.RecipientId;
        long sequence = _random.Next(1, Sequences);
        switch (_random.Next(10))
        {
            case 0:
                records.Remove(id);
                messages.RemoveWhere(key => key.Item1 == id);
                return [new QueueChange.Delete(id)];
            case 1:
                return [Update(record, records)];
            case 2 when record.Notifier is { NotifierId: var notifier }:
                return [new QueueChange.AddNotification(notifier, Samples.Notification(), _random.Next(1, 4)), new QueueChange.AddNotification(notifier, Samples.Notification(), 3)];
            case 3 when record.Notifier is { NotifierId: var notifier }:
                return [new QueueChange.DeleteNotifications(notifier)];
            case 4:
                // Also to the service that is not stored.
                return [Update(record, records), new QueueChange.ServiceQueue(_services[_random.Next(_services.Length)], id, _random.Next(2) == 0)];
            case 5 or 6 or 7:
                return messages.Add((id, sequence))
                    ? [new QueueChange.AddMessage(id, Samples.Header(sequence), Samples.Bytes(_random.Next(3_000)))]
                    : [new QueueChange.DeleteMessage(id, sequence), new QueueChange.AddMessage(id, Samples.Header(sequence), Samples.Bytes(10))];
            default:
                messages.Remove((id, sequence));
                return [new QueueChange.DeleteMessage(id, sequence)];
        }
    }

    private QueueChange.Update Update(QueueRecord record, Dictionary<EntityId, QueueRecord> records)
    {
        QueueRecord queue = Queues.First(queue => queue.RecipientId == record.RecipientId);
        QueueRecord changed = record with { UpdatedDay = _random.Next(1, 99) };
        LinkData? blobs = null;
        switch (_random.Next(5))
        {
            case 0:
                changed = changed with { Link = null };
                break;
            case 1:
                changed = changed with { Link = Link(queue) };
                blobs = _random.Next(4) == 0 ? null : Samples.Blobs(30);
                break;
            case 2:
                changed = changed with { Notifier = _random.Next(2) == 0 ? Notifier(queue) : null };
                break;
        }

        records[changed.RecipientId] = changed;
        return new QueueChange.Update(changed, blobs);
    }

    private QueueLink Link(QueueRecord queue) => _random.Next(6) == 0 ? Fixed.Link! : queue.Link!;

    private QueueNotifier Notifier(QueueRecord queue) => _random.Next(6) == 0 ? queue.Notifier! with { NotifierId = Fixed.Notifier!.NotifierId } : queue.Notifier!;
}
