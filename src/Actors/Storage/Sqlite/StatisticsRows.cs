using System.Collections.Immutable;
using System.Text;
using SimplexActors.Actors.Statistics;

namespace SimplexActors.Actors.Storage.Sqlite;

/// <summary>Reads and writes the tables of the statistics.</summary>
internal static class StatisticsRows
{
    private const int EntryBytes = sizeof(ulong);

    /// <summary>Everything stored but the ended periods; null when nothing is.</summary>
    public static StoredStatistics? Read(SqliteDatabase database, StoreLog log)
    {
        using SqliteStatement state = database.PrepareOnce("SELECT hash_key, since, period_began FROM statistics_state");
        return state.Step()
            ? new StoredStatistics([.. state.Blob(0)], Time(state, 1), Time(state, 2), ReadValues(database), ReadActiveQueues(database, log))
            : null;
    }

    /// <summary>The ended periods, oldest first.</summary>
    public static IReadOnlyList<StatisticsPeriod> ReadPeriods(SqliteDatabase database)
    {
        using SqliteStatement rows = database.PrepareOnce("SELECT began, ended, name, value FROM statistics_periods ORDER BY began, name");
        var periods = new List<StatisticsPeriod>();
        while (rows.Step())
        {
            if (periods is not [.., var last] || last.Began != Time(rows, 0))
            {
                last = new StatisticsPeriod(Time(rows, 0), Time(rows, 1), ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));
                periods.Add(last);
            }

            periods[^1] = last with { Values = last.Values.SetItem(Text(rows, 2), rows.Integer(3)) };
        }

        return periods;
    }

    /// <summary>Writes an update inside a transaction.</summary>
    public static void Write(SqliteDatabase database, StatisticsUpdate update)
    {
        StoredStatistics current = update.Current;
        using (SqliteStatement state = database.PrepareOnce(
            "INSERT INTO statistics_state (only_row, hash_key, since, period_began) VALUES (1, ?1, ?2, ?3) "
            + "ON CONFLICT (only_row) DO UPDATE SET hash_key = ?1, since = ?2, period_began = ?3"))
        {
            state.Bind(1, current.HashKey.AsSpan()).Bind(2, Seconds(current.Since)).Bind(3, Seconds(current.PeriodBegan)).Execute();
        }

        using (SqliteStatement row = database.PrepareOnce(
            "INSERT INTO statistics (name, total, at_period_start) VALUES (?1, ?2, ?3) "
            + "ON CONFLICT (name) DO UPDATE SET total = ?2, at_period_start = ?3"))
        {
            foreach (StoredValue value in current.Values)
            {
                row.Bind(1, value.Name).Bind(2, value.Total).Bind(3, value.AtPeriodStart).Execute();
            }
        }

        WriteActiveQueues(database, update);
        if (update.Ended is { } ended)
        {
            WritePeriod(database, ended);
        }
    }

    private static List<StoredValue> ReadValues(SqliteDatabase database)
    {
        using SqliteStatement rows = database.PrepareOnce("SELECT name, total, at_period_start FROM statistics");
        var values = new List<StoredValue>();
        while (rows.Step())
        {
            values.Add(new StoredValue(Text(rows, 0), rows.Integer(1), rows.Integer(2)));
        }

        return values;
    }

    private static List<StoredActiveQueues> ReadActiveQueues(SqliteDatabase database, StoreLog log)
    {
        using SqliteStatement rows = database.PrepareOnce("SELECT stripe, day, entries FROM active_queues ORDER BY row_no");
        var found = new List<StoredActiveQueues>();
        while (rows.Step())
        {
            ReadOnlySpan<byte> entries = rows.Blob(2);
            if (rows.Integer(0) is >= 0 and < ActiveQueues.Stripes && rows.Integer(1) is >= 0 and <= int.MaxValue && entries.Length % EntryBytes == 0)
            {
                found.Add(new StoredActiveQueues((int)rows.Integer(0), (int)rows.Integer(1), entries.ToArray()));
            }
            else
            {
                log.DamagedRow("active_queues");
            }
        }

        return found;
    }

    private static void WriteActiveQueues(SqliteDatabase database, StatisticsUpdate update)
    {
        using (SqliteStatement remove = database.PrepareOnce("DELETE FROM active_queues WHERE stripe = ?1"))
        {
            foreach (int stripe in update.ReplacedStripes)
            {
                remove.Bind(1, (long)stripe).Execute();
            }
        }

        using SqliteStatement insert = database.PrepareOnce("INSERT INTO active_queues (stripe, day, entries) VALUES (?1, ?2, ?3)");
        foreach (StoredActiveQueues queues in update.Current.ActiveQueues)
        {
            insert.Bind(1, (long)queues.Stripe).Bind(2, (long)queues.Day).ExecuteWith(3, queues.Entries.Span);
        }
    }

    private static void WritePeriod(SqliteDatabase database, StatisticsPeriod period)
    {
        using (SqliteStatement insert = database.PrepareOnce("INSERT OR REPLACE INTO statistics_periods (began, ended, name, value) VALUES (?1, ?2, ?3, ?4)"))
        {
            foreach ((string name, long value) in period.Values)
            {
                insert.Bind(1, Seconds(period.Began)).Bind(2, Seconds(period.Ended)).Bind(3, name).Bind(4, value).Execute();
            }
        }

        using SqliteStatement trim = database.PrepareOnce(
            "DELETE FROM statistics_periods WHERE began < "
            + "(SELECT min(began) FROM (SELECT DISTINCT began FROM statistics_periods ORDER BY began DESC LIMIT ?1))");
        trim.Bind(1, (long)Limits.StatisticsDaysKept).Execute();
    }

    private static DateTimeOffset Time(SqliteStatement row, int column) => DateTimeOffset.FromUnixTimeSeconds(row.Integer(column));

    private static long Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private static string Text(SqliteStatement row, int column) => Encoding.UTF8.GetString(row.Blob(column));
}
