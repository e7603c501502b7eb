namespace SimplexActors.Actors.Engine;

/// <summary>
/// A fault of the engine itself. What entities, effects and stores throw is handled where they are called; anything
/// else means that a shard or the writer would stand still for ever and acknowledge nothing, unseen. The process
/// ends instead: nothing that was acknowledged depends on its memory.
/// </summary>
internal static class EngineFailure
{
    /// <summary>Awaits a loop that must not throw.</summary>
    public static async Task GuardAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (Exception bug)
        {
            End(bug);
        }
    }

    /// <summary>Ends the process.</summary>
    public static void End(Exception bug) => Environment.FailFast("The actor engine failed.", bug);
}
