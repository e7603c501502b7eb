namespace SimplexActors.Actors.Engine;

/// <summary>
/// Knows whether the current thread already runs a turn or performs effects for the writer. Work that such a
/// thread starts goes to the thread pool, so that calls do not nest and the writer is not held up.
/// </summary>
internal static class TurnScope
{
    [ThreadStatic]
    private static bool active;

    /// <summary>The current thread is inside a turn.</summary>
    public static bool IsActive => active;

    /// <summary>Enters; pass the result to <see cref="Exit"/>.</summary>
    public static bool Enter()
    {
        bool outer = active;
        active = true;
        return outer;
    }

    /// <summary>Leaves what <see cref="Enter"/> entered.</summary>
    public static void Exit(bool outer) => active = outer;
}
