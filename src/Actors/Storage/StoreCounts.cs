namespace SimplexActors.Actors.Storage;

/// <summary>How much is stored, as of one moment.</summary>
/// <param name="Queues"><c>qCount</c>: queues.</param>
/// <param name="Messages"><c>msgCount</c>: messages, quota markers included.</param>
/// <param name="Notifiers">Queues with notifier credentials.</param>
/// <param name="Notifications"><c>ntfCount</c>: notifications that wait for their notifier.</param>
public sealed record StoreCounts(long Queues, long Messages, long Notifiers, long Notifications)
{
    /// <summary>The values under the names that they have in the statistics.</summary>
    public IEnumerable<(string Name, long Value)> Named() =>
        [("qCount", Queues), ("msgCount", Messages), ("notifiers", Notifiers), ("ntfCount", Notifications)];
}
