using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using SimplexActors.Actors.Statistics;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>The statistics of one node, or of <see cref="Cluster"/>: reads its rows and puts updates of them into statements.</summary>
internal sealed class PostgresStatistics(PostgresReads reads, string node, StoreLog log)
{
    /// <summary>In the place of a node's name: what concerns all of them.</summary>
    public const string Cluster = "";

    private const int EntryBytes = sizeof(ulong);

    /// <summary>Everything stored but the ended periods; null when nothing is.</summary>
    public Task<StoredStatistics?> ReadAsync(CancellationToken cancellation) => reads.RunAsync(
        batch =>
        {
            batch.Add("SELECT hash_key, since, period_began FROM statistics_state WHERE node = $1").With(node);
            batch.Add("SELECT name, total, at_period_start FROM statistics WHERE node = $1").With(node);
            batch.Add("SELECT stripe, day, entries FROM active_queues WHERE node = $1 ORDER BY row_no").With(node);
        },
        rows => ReadAsync(rows, cancellation),
        cancellation);

    /// <summary>The ended periods, oldest first.</summary>
    public async Task<IReadOnlyList<StatisticsPeriod>> ReadPeriodsAsync(CancellationToken cancellation)
    {
        List<(DateTimeOffset Began, DateTimeOffset Ended, string Name, long Value)> rows = await reads.ListAsync(
            batch => batch.Add("SELECT began, ended, name, value FROM statistics_periods WHERE node = $1 ORDER BY began").With(node),
            row => (Time(row, 0), Time(row, 1), row.GetString(2), row.GetInt64(3)),
            cancellation);
        return [.. rows.GroupBy(row => (row.Began, row.Ended)).Select(period => new StatisticsPeriod(
            period.Key.Began, period.Key.Ended, period.ToImmutableSortedDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal)))];
    }

    /// <summary>Appends the statements of an update.</summary>
    public void Append(NpgsqlBatch batch, StatisticsUpdate update)
    {
        StoredStatistics current = update.Current;
        batch.Add(
                "INSERT INTO statistics_state (node, hash_key, since, period_began) VALUES ($1, $2, $3, $4) "
                + "ON CONFLICT (node) DO UPDATE SET hash_key = $2, since = $3, period_began = $4")
            .With(node).With(current.HashKey.ToArray(), NpgsqlDbType.Bytea).With(Seconds(current.Since)).With(Seconds(current.PeriodBegan));
        batch.Add(
                "INSERT INTO statistics (node, name, total, at_period_start) SELECT $1, r.* FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS r "
                + "ON CONFLICT (node, name) DO UPDATE SET total = excluded.total, at_period_start = excluded.at_period_start")
            .With(node)
            .WithTexts(current.Values, value => value.Name)
            .WithLongs(current.Values, value => value.Total)
            .WithLongs(current.Values, value => value.AtPeriodStart);
        batch.Add("DELETE FROM active_queues WHERE node = $1 AND stripe = ANY ($2)").With(node).WithIntegers(update.ReplacedStripes, stripe => stripe);
        batch.Add("INSERT INTO active_queues (node, stripe, day, entries) SELECT $1, r.* FROM unnest($2::integer[], $3::integer[], $4::bytea[]) AS r")
            .With(node)
            .WithIntegers(current.ActiveQueues, queues => queues.Stripe)
            .WithIntegers(current.ActiveQueues, queues => queues.Day)
            .WithMemory(current.ActiveQueues, queues => queues.Entries);
        if (update.Ended is { } ended)
        {
            Append(batch, ended);
        }
    }

    /// <summary>Appends the statements of an ended period alone.</summary>
    public void Append(NpgsqlBatch batch, StatisticsPeriod period)
    {
        batch.Add(
                "INSERT INTO statistics_periods (node, began, ended, name, value) SELECT $1, $2, $3, r.* FROM unnest($4::text[], $5::bigint[]) AS r "
                + "ON CONFLICT (node, began, name) DO UPDATE SET ended = excluded.ended, value = excluded.value")
            .With(node).With(Seconds(period.Began)).With(Seconds(period.Ended))
            .WithTexts(period.Values, pair => pair.Key)
            .WithLongs(period.Values, pair => pair.Value);
        batch.Add(
                "DELETE FROM statistics_periods WHERE node = $1 AND began < (SELECT min(began) FROM "
                + "(SELECT DISTINCT began FROM statistics_periods WHERE node = $1 ORDER BY began DESC LIMIT $2) AS kept)")
            .With(node).With((long)Limits.StatisticsDaysKept);
    }

    private async Task<StoredStatistics?> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        if (!await rows.ReadAsync(cancellation))
        {
            return null;
        }

        (byte[] key, DateTimeOffset since, DateTimeOffset periodBegan) = (rows.GetFieldValue<byte[]>(0), Time(rows, 1), Time(rows, 2));
        await rows.NextResultAsync(cancellation);
        List<StoredValue> values = await PostgresReads.ListAsync(
            rows, row => new StoredValue(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancellation);
        await rows.NextResultAsync(cancellation);
        List<StoredActiveQueues?> queues = await PostgresReads.ListAsync(rows, Active, cancellation);
        return new StoredStatistics([.. key], since, periodBegan, values, [.. queues.OfType<StoredActiveQueues>()]);
    }

    private StoredActiveQueues? Active(NpgsqlDataReader row)
    {
        byte[] entries = row.GetFieldValue<byte[]>(2);
        if (row.GetInt32(0) is >= 0 and < ActiveQueues.Stripes && row.GetInt32(1) >= 0 && entries.Length % EntryBytes == 0)
        {
            return new StoredActiveQueues(row.GetInt32(0), row.GetInt32(1), entries);
        }

        log.DamagedRow("active_queues");
        return null;
    }

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(column));

    private static long Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds();
}
