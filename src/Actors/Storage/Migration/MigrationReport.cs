using System.Collections.Immutable;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>What was copied and compared.</summary>
/// <param name="Tables">In the order in which they were copied.</param>
public sealed record MigrationReport(ImmutableArray<MigratedTable> Tables);

/// <summary>A table that is the same on both sides.</summary>
/// <param name="Name">Of the table.</param>
/// <param name="Rows">Copied.</param>
/// <param name="LeftOut">Damaged rows that are in the source only.</param>
/// <param name="Hash">Over all columns of all copied rows, whatever their order.</param>
public sealed record MigratedTable(string Name, long Rows, long LeftOut, string Hash);
