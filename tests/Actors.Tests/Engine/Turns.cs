using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>When what was told to a region was decided.</summary>
public static class Turns
{
    /// <summary>
    /// Completes when every shard has handled what was told and posted before, as far as it is not stopped, and has handed
    /// to the writer what it decided. Whoever tells something knows no more than that it is in the inbox: the turn of an
    /// earlier answer may still be running on its thread.
    /// </summary>
    public static async Task FlushTurnAsync<TState, TRow, TCommand, TChange, TEffect>(
        this ShardRegion<TState, TRow, TCommand, TChange, TEffect> region, CancellationToken cancellation)
        where TState : class
        where TRow : class
        where TCommand : class
    {
        // The turn that looks first also takes the inbox; that it is over shows the one that looks next.
        for (int turn = 0; turn < 2; turn++)
        {
            await region.SurveyAsync(() => 0, (_, _, _) => { }).WaitAsync(cancellation);
        }
    }
}
