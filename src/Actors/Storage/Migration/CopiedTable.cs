using System.Collections.Immutable;
using SimplexActors.Actors.Storage.Sqlite;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>A table of both stores.</summary>
/// <param name="Name">In both.</param>
/// <param name="Columns">That are copied, in the order in which they are read and written.</param>
/// <param name="Order">Key of the source, in whose order rows are read.</param>
/// <param name="IsIntact">Whether the current row of the source can be served.</param>
internal sealed record CopiedTable(string Name, ImmutableArray<CopiedColumn> Columns, string Order, Func<SqliteStatement, bool> IsIntact)
{
    /// <summary>The target has it once for every node.</summary>
    public bool IsOfNode { get; init; }

    /// <summary>The sequence of the target that counts on after the greatest number of the first column; null without one.</summary>
    public string? Sequence { get; init; }

    /// <summary>Names of the columns.</summary>
    public string ColumnList => string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>Makes a table from columns as <c>name:kind</c>.</summary>
    public static CopiedTable Of(string name, string columns, string order, Func<SqliteStatement, bool> isIntact) =>
        new(name, [.. columns.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(CopiedColumn.Parse)], order, isIntact);
}

/// <summary>A column of a table.</summary>
/// <param name="Name">In both stores.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record CopiedColumn(string Name, ColumnKind Kind)
{
    /// <summary>Reads <c>name:kind</c>.</summary>
    public static CopiedColumn Parse(string text) => new(text[..text.IndexOf(':')], (ColumnKind)text[^1]);
}

/// <summary>What a column holds.</summary>
internal enum ColumnKind : byte
{
    /// <summary>Bytes.</summary>
    Bytes = (byte)'b',

    /// <summary>Text.</summary>
    Text = (byte)'t',

    /// <summary>A number of 64 bits.</summary>
    Long = (byte)'l',

    /// <summary>A number of 32 bits.</summary>
    Integer = (byte)'i',

    /// <summary>True or false.</summary>
    Flag = (byte)'f',
}
