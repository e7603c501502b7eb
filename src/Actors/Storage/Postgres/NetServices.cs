using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>How the counters of services change: additions commute, so each service changes once.</summary>
internal sealed class NetServices
{
    private readonly Dictionary<EntityId, Counters> _services = [];

    /// <summary>The services whose counters change, in the order of their ids: everybody locks their rows in the same order.</summary>
    public IEnumerable<(EntityId ServiceId, long Count, byte[] Mask)> All =>
        _services.OrderBy(pair => pair.Key, ByBytes).Select(pair => (pair.Key, pair.Value.Count, pair.Value.Mask));

    /// <summary>Services that must be stored, because a queue was added to them.</summary>
    public IEnumerable<EntityId> Required => _services.Where(pair => pair.Value.IsRequired).Select(pair => pair.Key);

    /// <summary>True when no counter changes.</summary>
    public bool IsEmpty => _services.Count == 0;

    private static Comparer<EntityId> ByBytes { get; } = Comparer<EntityId>.Create((left, right) => left.Bytes.SequenceCompareTo(right.Bytes));

    /// <summary>Counts a queue in or out.</summary>
    public void Toggle(QueueChange.ServiceQueue queue)
    {
        if (!_services.TryGetValue(queue.ServiceId, out Counters? counters))
        {
            _services.Add(queue.ServiceId, counters = new Counters());
        }

        counters.Count += queue.Added ? 1 : -1;
        counters.IsRequired |= queue.Added;
        ProtocolHash.ToggleQueue(counters.Mask, queue.EntityId.Bytes);
    }

    private sealed class Counters
    {
        public long Count { get; set; }

        public bool IsRequired { get; set; }

        public byte[] Mask { get; } = new byte[ProtocolHash.QueuesHashLength];
    }
}
