using SimplexActors.Actors.Statistics;

namespace SimplexActors.Actors.Tests.Statistics;

/// <summary>What was counted between two moments.</summary>
public static class Counting
{
    /// <summary>Every counter that <paramref name="work"/> raised, by how much; nothing else was counted.</summary>
    public static IReadOnlyDictionary<Counter, long> During(this RouterStatistics statistics, Action work)
    {
        StatisticsSnapshot before = statistics.Snapshot;
        work();
        return Between(before, statistics.Snapshot);
    }

    /// <summary>The same of two snapshots.</summary>
    public static IReadOnlyDictionary<Counter, long> Between(StatisticsSnapshot before, StatisticsSnapshot after) =>
        Enum.GetValues<Counter>()
            .Where(counter => after.Total(counter) != before.Total(counter))
            .ToDictionary(counter => counter, counter => after.Total(counter) - before.Total(counter));

    /// <summary>Each of these once.</summary>
    public static IReadOnlyDictionary<Counter, long> Once(params Counter[] counters) => counters.ToDictionary(counter => counter, _ => 1L);

    /// <summary>Nothing.</summary>
    public static IReadOnlyDictionary<Counter, long> Nothing { get; } = Once();
}
