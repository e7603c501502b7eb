namespace SimplexActors.Actors.Storage;

/// <summary>How much is stored, as of one moment.</summary>
/// <param name="Queues"><c>qCount</c>: queues.</param>
/// <param name="Messages"><c>msgCount</c>: messages, quota markers included.</param>
/// <param name="Notifiers">Queues with notifier credentials.</param>
/// <param name="Notifications"><c>ntfCount</c>: notifications that wait for their notifier.</param>
public sealed record StoreCounts(long Queues, long Messages, long Notifiers, long Notifications)
{
    /// <summary><c>rcvServiceCount</c>: services that receive messages.</summary>
    public long RcvServices { get; init; }

    /// <summary><c>rcvServiceQueuesCount</c>: queues that belong to them.</summary>
    public long RcvServiceQueues { get; init; }

    /// <summary><c>ntfServiceCount</c>: services that receive notifications.</summary>
    public long NtfServices { get; init; }

    /// <summary><c>ntfServiceQueuesCount</c>: queues whose notifier belongs to them.</summary>
    public long NtfServiceQueues { get; init; }

    /// <summary>The values under the names that they have in the statistics.</summary>
    public IEnumerable<(string Name, long Value)> Named() =>
    [
        ("qCount", Queues), ("msgCount", Messages), ("notifiers", Notifiers), ("ntfCount", Notifications),
        ("rcvServiceCount", RcvServices), ("rcvServiceQueuesCount", RcvServiceQueues),
        ("ntfServiceCount", NtfServices), ("ntfServiceQueuesCount", NtfServiceQueues),
    ];
}
