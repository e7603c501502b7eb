using System.Collections.Immutable;

namespace SimplexActors.Actors.Statistics;

/// <summary>The statistics as they are stored.</summary>
/// <param name="HashKey">16 random bytes, made with the store: the key of the hashes in <paramref name="ActiveQueues"/>.</param>
/// <param name="Since">When counting began.</param>
/// <param name="PeriodBegan">When the running period began.</param>
/// <param name="Values">What was counted.</param>
/// <param name="ActiveQueues">Which queues were used, in the order in which it was stored.</param>
public sealed record StoredStatistics(
    ImmutableArray<byte> HashKey,
    DateTimeOffset Since,
    DateTimeOffset PeriodBegan,
    IReadOnlyList<StoredValue> Values,
    IReadOnlyList<StoredActiveQueues> ActiveQueues);

/// <summary>One counted value.</summary>
/// <param name="Name">One of <see cref="StatisticsNames"/>; a value under another name is left alone.</param>
/// <param name="Total">Since counting began.</param>
/// <param name="AtPeriodStart">What <paramref name="Total"/> was when the running period began.</param>
public readonly record struct StoredValue(string Name, long Total, long AtPeriodStart);

/// <summary>Some of the queues that were used.</summary>
/// <param name="Stripe">The part of the table they belong to.</param>
/// <param name="Day">Whole days since the Unix epoch, when this was stored; says which periods the entries mean.</param>
/// <param name="Entries">8 bytes each.</param>
public sealed record StoredActiveQueues(int Stripe, int Day, ReadOnlyMemory<byte> Entries);

/// <summary>What to store of the statistics, all or nothing.</summary>
/// <param name="Current">
/// Values replace those of their name; <see cref="StoredStatistics.ActiveQueues"/> are added to what is stored, after everything of
/// <paramref name="ReplacedStripes"/> was removed.
/// </param>
/// <param name="ReplacedStripes">Parts of the table of active queues that are stored anew.</param>
/// <param name="Ended">A period that ended; null for none.</param>
public sealed record StatisticsUpdate(StoredStatistics Current, IReadOnlyList<int> ReplacedStripes, StatisticsPeriod? Ended = null);

/// <summary>
/// What an ended period counted, with the state of the store at its end: enough for a line of the daily log, however much
/// later that is written (O-261).
/// </summary>
/// <param name="Began">When it began: midnight, or when counting began.</param>
/// <param name="Ended">When it ended: midnight, or the first start after it.</param>
/// <param name="Values">
/// By <see cref="StatisticsNames"/> and <see cref="Storage.StoreCounts"/>; a name that is missing means zero, or for weeks and months that
/// they did not end with this period.
/// </param>
public sealed record StatisticsPeriod(DateTimeOffset Began, DateTimeOffset Ended, ImmutableSortedDictionary<string, long> Values)
{
    /// <summary>The value of a name; zero when it is missing.</summary>
    public long this[string name] => Values.GetValueOrDefault(name);
}
