using Npgsql;
using NpgsqlTypes;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>Statements with arrays as parameters: the same text however many rows, so that the server keeps it prepared.</summary>
internal static class BatchExtensions
{
    /// <summary>Appends a statement.</summary>
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    /// <summary>A parameter of a known type.</summary>
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return command;
    }

    /// <summary>A <c>bytea</c>.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, in EntityId id) => command.With(id.ToArray(), NpgsqlDbType.Bytea);

    /// <summary>A <c>bigint</c>.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long value) => command.With(value, NpgsqlDbType.Bigint);

    /// <summary>An <c>integer</c>.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, int value) => command.With(value, NpgsqlDbType.Integer);

    /// <summary>A <c>text</c>.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string value) => command.With(value, NpgsqlDbType.Text);

    /// <summary>A <c>bytea[]</c> of ids, some of them null.</summary>
    public static NpgsqlBatchCommand WithIds<T>(this NpgsqlBatchCommand command, IReadOnlyCollection<T> rows, Func<T, EntityId?> id) =>
        command.WithBytes(rows, row => id(row)?.ToArray());

    /// <summary>A <c>bytea[]</c> of ids.</summary>
    public static NpgsqlBatchCommand WithIds(this NpgsqlBatchCommand command, IReadOnlyCollection<EntityId> ids) =>
        command.WithBytes(ids, id => id.ToArray());

    /// <summary>A <c>bytea[]</c>, some of it null.</summary>
    public static NpgsqlBatchCommand WithBytes<T>(this NpgsqlBatchCommand command, IReadOnlyCollection<T> rows, Func<T, byte[]?> value) =>
        command.With(Column(rows, value), NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    /// <summary>A <c>bytea[]</c> of values that are sent from where they are.</summary>
    public static NpgsqlBatchCommand WithMemory<T>(this NpgsqlBatchCommand command, IReadOnlyCollection<T> rows, Func<T, ReadOnlyMemory<byte>> value) =>
        command.With(Column(rows, value), NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    /// <summary>A <c>bigint[]</c>.</summary>
    public static NpgsqlBatchCommand WithLongs<T>(this NpgsqlBatchCommand command, IReadOnlyCollection<T> rows, Func<T, long> value) =>
        command.With(Column(rows, value), NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    /// <summary>An <c>integer[]</c>.</summary>
    public static NpgsqlBatchCommand WithIntegers<T>(this NpgsqlBatchCommand command, IReadOnlyCollection<T> rows, Func<T, int> value) =>
        command.With(Column(rows, value), NpgsqlDbType.Array | NpgsqlDbType.Integer);

    /// <summary>A <c>boolean[]</c>.</summary>
    public static NpgsqlBatchCommand WithFlags<T>(this NpgsqlBatchCommand command, IReadOnlyCollection<T> rows, Func<T, bool> value) =>
        command.With(Column(rows, value), NpgsqlDbType.Array | NpgsqlDbType.Boolean);

    /// <summary>A <c>text[]</c>, some of it null.</summary>
    public static NpgsqlBatchCommand WithTexts<T>(this NpgsqlBatchCommand command, IReadOnlyCollection<T> rows, Func<T, string?> value) =>
        command.With(Column(rows, value), NpgsqlDbType.Array | NpgsqlDbType.Text);

    private static TValue[] Column<T, TValue>(IReadOnlyCollection<T> rows, Func<T, TValue> value)
    {
        var column = new TValue[rows.Count];
        int i = 0;
        foreach (T row in rows)
        {
            column[i++] = value(row);
        }

        return column;
    }
}
