using System.Collections.Frozen;
using System.Globalization;

namespace SimplexActors.Actors.Statistics;

/// <summary>
/// The names that counted values are stored under; an operator finds the reference's there. They never change: the
/// value of a name that is gone stays unread.
/// </summary>
public static class StatisticsNames
{
    /// <summary>Sum of the seconds from deliveries to acknowledgements.</summary>
    public const string AckSeconds = "ackSeconds";

    /// <summary>Distinct queues that messages were sent to or received from.</summary>
    public const string ActiveQueues = "activeQueues";

    /// <summary>The same, of messages with the notification flag.</summary>
    public const string ActiveQueuesNtf = "activeQueuesNtf";

    private static readonly string[] All = MakeAll();
    private static readonly FrozenDictionary<string, int> Indices =
        All.Select((name, index) => KeyValuePair.Create(name, index)).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How many values there are: the counters, then the buckets of <see cref="AckTimes"/>, then their sum.</summary>
    internal static int Count => All.Length;

    /// <summary>Index of the sum of seconds.</summary>
    internal static int AckSecondsIndex => All.Length - 1;

    /// <summary>The name of a counter: <c>qCreated</c>.</summary>
    public static string Of(Counter counter) => All[(int)counter];

    /// <summary>The name of the value at <paramref name="index"/>.</summary>
    internal static string At(int index) => All[index];

    /// <summary>Index of a bucket.</summary>
    internal static int BucketIndex(int bucket) => All.Length - 1 - AckTimes.Count + bucket;

    /// <summary>Index of a name; negative for a name that is not known.</summary>
    internal static int IndexOf(string name) => Indices.TryGetValue(name, out int index) ? index : -1;

    private static string[] MakeAll() =>
    [
        .. Enum.GetNames<Counter>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]),
        .. Enumerable.Range(0, AckTimes.Count).Select(BucketName),
        AckSeconds,
    ];

    private static string BucketName(int bucket) => AckTimes.EndOf(bucket) is var end && end == long.MaxValue
        ? "ackedLater"
        : string.Create(CultureInfo.InvariantCulture, $"ackedIn{end}s");
}
