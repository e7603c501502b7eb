using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Statistics;

namespace SimplexActors.Actors.Queues;

/// <summary>
/// What connections hold of queues now: subscriptions, and deliveries that were not acknowledged (S-409). Nothing of it is
/// counted while messages pass; it is read from the queues in memory when somebody asks.
/// </summary>
public sealed class QueueSurvey
{
    private readonly HashSet<ISubscriber> _subscribers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<ISubscriber> _notifierSubscribers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<ISubscriber> _waitingFor = new(ReferenceEqualityComparer.Instance);
    private readonly long[] _ages = new long[AckTimes.Count];

    private QueueSurvey()
    {
    }

    /// <summary>Queues with a subscriber to their messages.</summary>
    public long Subscriptions { get; private set; }

    /// <summary>Connections that these subscriptions belong to.</summary>
    public int Subscribers => _subscribers.Count;

    /// <summary>Queues with a subscriber to their notifications.</summary>
    public long NotifierSubscriptions { get; private set; }

    /// <summary>Connections that these subscriptions belong to.</summary>
    public int NotifierSubscribers => _notifierSubscribers.Count;

    /// <summary>Messages that were delivered, or got by <c>GET</c>, and not acknowledged.</summary>
    public long Delivered { get; private set; }

    /// <summary>Connections that have not acknowledged them.</summary>
    public int DeliveredConnections => _waitingFor.Count;

    /// <summary>The oldest of these deliveries, in seconds; zero when there is none.</summary>
    public long OldestDeliverySeconds { get; private set; }

    /// <summary>These deliveries by their age, in the buckets of <see cref="AckTimes"/>.</summary>
    public ReadOnlySpan<long> DeliveredAges => _ages;

    /// <summary>Asks all queues that are in memory.</summary>
    /// <param name="queues">The queues of this node.</param>
    /// <param name="now">The router's time, from which ages are taken.</param>
    public static async Task<QueueSurvey> TakeAsync(
        ShardRegion<QueueState, StoredQueue, QueueCommand, QueueChange, QueueEffect> queues, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(queues);
        long seconds = now.ToUnixTimeSeconds();
        IReadOnlyList<QueueSurvey> parts = await queues.SurveyAsync(
            () => new QueueSurvey(),
            (survey, state, residue) => survey.Add(state?.Connections ?? residue as QueueConnections, seconds));
        var whole = new QueueSurvey();
        foreach (QueueSurvey part in parts)
        {
            whole.Add(part);
        }

        return whole;
    }

    private void Add(QueueConnections? connections, long now)
    {
        if (connections is null)
        {
            return;
        }

        if (connections.Subscriber is { } subscriber)
        {
            Subscriptions++;
            _subscribers.Add(subscriber);
            Add(subscriber, connections.Delivered, now);
        }

        if (connections.NotifierSubscriber is { } notifier)
        {
            NotifierSubscriptions++;
            _notifierSubscribers.Add(notifier);
        }

        foreach (Getter getter in connections.Getters)
        {
            Add(getter.Subscriber, getter.Delivered, now);
        }
    }

    private void Add(ISubscriber subscriber, DeliveredMessage? delivered, long now)
    {
        if (delivered is null)
        {
            return;
        }

        long age = Math.Max(0, now - delivered.At);
        Delivered++;
        _waitingFor.Add(subscriber);
        _ages[AckTimes.BucketOf(age)]++;
        OldestDeliverySeconds = Math.Max(OldestDeliverySeconds, age);
    }

    private void Add(QueueSurvey other)
    {
        Subscriptions += other.Subscriptions;
        NotifierSubscriptions += other.NotifierSubscriptions;
        Delivered += other.Delivered;
        OldestDeliverySeconds = Math.Max(OldestDeliverySeconds, other.OldestDeliverySeconds);
        _subscribers.UnionWith(other._subscribers);
        _notifierSubscribers.UnionWith(other._notifierSubscribers);
        _waitingFor.UnionWith(other._waitingFor);
        for (int i = 0; i < _ages.Length; i++)
        {
            _ages[i] += other._ages[i];
        }
    }
}
