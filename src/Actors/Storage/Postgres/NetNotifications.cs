using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Notifications that a group of changes adds, in their order, and how many are kept of each notifier in the end.</summary>
internal sealed class NetNotifications
{
    private readonly Dictionary<EntityId, Waiting> _waiting = [];

    /// <summary>True when there are none.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>All of them, those of one notifier in their order.</summary>
    public IEnumerable<QueueChange.AddNotification> All => _waiting.Values.SelectMany(waiting => waiting.Added);

    /// <summary>
    /// How many newest ones of a notifier stay. After the k-th addition of n, as many as it says are kept, and then n - k come:
    /// so the smallest of these sums stays, or fewer when there are not as many.
    /// </summary>
    public IEnumerable<(EntityId NotifierId, int Keep)> Kept => _waiting.Select(pair => (pair.Key, pair.Value.Keep));

    /// <summary>Adds one.</summary>
    /// <param name="queue">The queue that decided.</param>
    /// <param name="add">The change.</param>
    public void Add(in EntityId queue, QueueChange.AddNotification add)
    {
        if (!_waiting.TryGetValue(add.NotifierId, out Waiting? waiting))
        {
            _waiting.Add(add.NotifierId, waiting = new Waiting(queue, add.Keep));
        }

        waiting.Keep = waiting.Added.Count == 0 ? add.Keep : Math.Min(waiting.Keep + 1, add.Keep);
        waiting.Added.Add(add);
    }

    /// <summary>Forgets those of a notifier.</summary>
    public void Clear(in EntityId notifierId) => _waiting.Remove(notifierId);

    /// <summary>Forgets those of a queue.</summary>
    public void ClearOf(in EntityId queue)
    {
        foreach ((EntityId notifierId, Waiting waiting) in _waiting)
        {
            if (waiting.Queue == queue)
            {
                _waiting.Remove(notifierId);
            }
        }
    }

    private sealed class Waiting(EntityId queue, int keep)
    {
        public EntityId Queue { get; } = queue;

        public int Keep { get; set; } = keep;

        public List<QueueChange.AddNotification> Added { get; } = [];
    }
}
