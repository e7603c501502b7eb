using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Npgsql;
using SimplexActors.Actors.Storage.Postgres;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>
/// Copies the embedded store of a stopped router into an empty PostgreSQL database, page by page, and compares both sides at the end.
/// Until then the database is marked, and no node starts on it; a copy that was interrupted starts over. The source is only read.
/// </summary>
public static class StoreMigration
{
    /// <summary>Copies and compares.</summary>
    /// <param name="options">What to copy where.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="logger">Hears of the target's tables.</param>
    /// <param name="cancellation">Interrupts.</param>
    /// <exception cref="StoreMigrationException">It cannot be done, with one line for the operator.</exception>
    public static async Task<MigrationReport> RunAsync(
        StoreMigrationOptions options, IProgress<MigrationProgress> progress, ILogger logger, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        options = options with { Source = Path.GetFullPath(options.Source) };
        string place = PostgresErrors.Place(options.Target);
        using MigrationSource source = MigrationSource.Open(options);
        bool isBegun = false;
        try
        {
            await using NpgsqlDataSource database = DataSourceOf(options.Target);
            await PostgresMigrations.ApplyAsync(database, logger, cancellation);
            await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
            await StoreCopyMarker.BeginAsync(connection, place, cancellation);
            isBegun = true;
            var run = new Run(source, new MigrationTarget(connection, options.Node), progress);
            MigrationReport report = await run.RunAsync(cancellation);
            await StoreCopyMarker.EndAsync(connection, cancellation);
            return report;
        }
        catch (StoreOpenException refused)
        {
            throw new StoreMigrationException(refused.Message, refused);
        }
        catch (Exception fault) when (fault is NpgsqlException or IOException or TimeoutException)
        {
            string reason = fault is PostgresException told ? $"{told.MessageText} ({told.SqlState})" : (fault.InnerException ?? fault).Message.ReplaceLineEndings(" ");
            throw new StoreMigrationException(
                isBegun ? $"The database {place} failed: {reason}. It is half filled; run this again, it starts over." : $"The database {place} cannot be used: {reason}", fault);
        }
    }

    private static NpgsqlDataSource DataSourceOf(string connectionString) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "simplex-router store migrate",
        Timeout = (int)PostgresLimits.Connect.TotalSeconds,
        CommandTimeout = 0,
        Pooling = false,
        Enlist = false,
        TcpKeepAlive = true,
    });

    private sealed class Run(MigrationSource source, MigrationTarget target, IProgress<MigrationProgress> progress)
    {
        public async Task<MigrationReport> RunAsync(CancellationToken cancellation)
        {
            foreach (CopiedTable table in CopiedTables.All)
            {
                await CopyAsync(table, cancellation);
            }

            await target.FinishAsync(cancellation);
            ImmutableArray<MigratedTable>.Builder compared = ImmutableArray.CreateBuilder<MigratedTable>();
            foreach (CopiedTable table in CopiedTables.All)
            {
                compared.Add(await CompareAsync(table, cancellation));
            }

            return new MigrationReport(compared.ToImmutable());
        }

        private async Task CopyAsync(CopiedTable table, CancellationToken cancellation)
        {
            Action<long> done = ProgressOf(table, MigrationStep.Copy, source.Count(table));
            NpgsqlBinaryImporter? page = null;
            long rows = 0;
            long bytes = 0;
            try
            {
                await source.ReadAsync(
                    table,
                    async row =>
                    {
                        page ??= await target.BeginPageAsync(table, cancellation);
                        bytes += await target.WriteAsync(page, row, table, cancellation);
                        done(++rows);
                        if (rows % MigrationLimits.PageRows == 0 || bytes >= MigrationLimits.PageBytes)
                        {
                            await page.CompleteAsync(cancellation);
                            await page.DisposeAsync();
                            (page, bytes) = (null, 0);
                        }
                    },
                    cancellation);
                if (page is not null)
                {
                    await page.CompleteAsync(cancellation);
                }
            }
            finally
            {
                if (page is not null)
                {
                    await page.DisposeAsync();
                }
            }
        }

        private async Task<MigratedTable> CompareAsync(CopiedTable table, CancellationToken cancellation)
        {
            long total = source.Count(table) * 2;
            Action<long> done = ProgressOf(table, MigrationStep.Compare, total);
            using var there = new RowHash();
            long leftOut = await source.ReadAsync(
                table,
                row =>
                {
                    CopiedRow.Hash(there, row, table);
                    done(there.Rows);
                    return ValueTask.CompletedTask;
                },
                cancellation);
            using var here = new RowHash();
            await target.HashAsync(table, here, rows => done(there.Rows + rows), cancellation);
            return there.Rows == here.Rows && there.Text == here.Text
                ? new MigratedTable(table.Name, here.Rows, leftOut, here.Text)
                : throw new StoreMigrationException(
                    $"The table {table.Name} differs after the copy: {there.Rows} rows with hash {there.Text[..16]} in the source, {here.Rows} with {here.Text[..16]} in the database. "
                    + "Nodes do not start on it; run this again, it starts over.");
        }

        private Action<long> ProgressOf(CopiedTable table, MigrationStep step, long total)
        {
            progress.Report(new MigrationProgress(table.Name, step, 0, total));
            return rows =>
            {
                if (rows % MigrationLimits.ProgressRows == 0 || rows == total)
                {
                    progress.Report(new MigrationProgress(table.Name, step, rows, total));
                }
            };
        }
    }
}
