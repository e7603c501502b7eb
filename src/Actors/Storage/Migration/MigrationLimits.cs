namespace SimplexActors.Actors.Storage.Migration;

/// <summary>Bounds of copying a store.</summary>
internal static class MigrationLimits
{
    /// <summary>Rows in one transaction.</summary>
    public const int PageRows = 10_000;

    /// <summary>Bytes in one transaction, and one row more.</summary>
    public const int PageBytes = 8 << 20;

    /// <summary>Rows between two reports of the progress.</summary>
    public const int ProgressRows = 1_000;
}
