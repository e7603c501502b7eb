namespace SimplexActors.Cluster.Load;

/// <summary>What the clients of one queue, or of many, saw.</summary>
/// <param name="Confirmed">Messages whose sender saw <c>OK</c>.</param>
/// <param name="InDoubt">Messages without an answer, or with an error that leaves open whether they were stored.</param>
/// <param name="Lost">Confirmed and never delivered.</param>
/// <param name="Duplicated">Delivered again after the recipient saw <c>OK</c> for its acknowledgement.</param>
/// <param name="Reordered">Delivered for the first time after one that was confirmed later.</param>
/// <param name="Ended">Subscriptions that were ended although the client made no newer one.</param>
/// <param name="Others">What else no client can explain.</param>
internal sealed record QueueVerdict(int Confirmed, int InDoubt, int Lost, int Duplicated, int Reordered, int Ended, IReadOnlyList<string> Others)
{
    /// <summary>Whether the cluster kept its promises.</summary>
    public bool IsGood => Lost == 0 && Duplicated == 0 && Reordered == 0 && Ended == 0 && Others.Count == 0;

    /// <summary>Of several queues.</summary>
    public static QueueVerdict Sum(IReadOnlyList<QueueVerdict> all) => new(
        all.Sum(one => one.Confirmed), all.Sum(one => one.InDoubt), all.Sum(one => one.Lost), all.Sum(one => one.Duplicated),
        all.Sum(one => one.Reordered), all.Sum(one => one.Ended), [.. all.SelectMany(one => one.Others)]);
}
