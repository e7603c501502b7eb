using Npgsql;
using SimplexActors.Actors.Storage.Sqlite;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>The database that is filled, over one connection.</summary>
internal sealed class MigrationTarget(NpgsqlConnection connection, string node)
{
    /// <summary>Begins a transaction's worth of rows.</summary>
    public Task<NpgsqlBinaryImporter> BeginPageAsync(CopiedTable table, CancellationToken cancellation) => connection.BeginBinaryImportAsync(
        $"COPY {table.Name} ({(table.IsOfNode ? "node, " : "")}{table.ColumnList}) FROM STDIN (FORMAT BINARY)", cancellation);

    /// <summary>Writes the current row of the source.</summary>
    /// <returns>Bytes, about.</returns>
    public Task<int> WriteAsync(NpgsqlBinaryImporter page, SqliteStatement row, CopiedTable table, CancellationToken cancellation) =>
        CopiedRow.WriteAsync(page, row, table, node, cancellation);

    /// <summary>Lets numbers go on after those that were copied, and counts what the store counts by itself.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        foreach (CopiedTable table in CopiedTables.All.Where(table => table.Sequence is not null))
        {
            await ExecuteAsync($"SELECT setval('{table.Sequence}', greatest(1, (SELECT max({table.Columns[0].Name}) FROM {table.Name})), EXISTS (SELECT 1 FROM {table.Name}))", cancellation);
        }

        await using (var count = new NpgsqlCommand(
            "INSERT INTO message_bytes (node, bytes) SELECT $1, coalesce(sum(message_size(body)), 0) FROM messages ON CONFLICT (node) DO UPDATE SET bytes = excluded.bytes", connection))
        {
            count.Parameters.Add(new NpgsqlParameter<string> { TypedValue = node });
            await count.ExecuteNonQueryAsync(cancellation);
        }

        await ExecuteAsync("ANALYZE", cancellation);
    }

    /// <summary>Adds all rows of a table to a hash.</summary>
    public async Task HashAsync(CopiedTable table, RowHash hash, Action<long> done, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT {table.ColumnList} FROM {table.Name}", connection);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            CopiedRow.Hash(hash, rows, table);
            done(hash.Rows);
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
