using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Storage.Migration;

/// <summary>How far a copy is.</summary>
/// <param name="Table">That is worked on.</param>
/// <param name="Step">What is done with it.</param>
/// <param name="Rows">That are done.</param>
/// <param name="Total">Rows that there are.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MigrationProgress(string Table, MigrationStep Step, long Rows, long Total);

/// <summary>What is done with a table.</summary>
public enum MigrationStep : byte
{
    /// <summary>It is copied.</summary>
    Copy = 1,

    /// <summary>Both sides are read and compared.</summary>
    Compare = 2,
}
