namespace SimplexActors.Acceptance.Durability;

/// <summary>The point of a round at which the router is killed: after so many confirmations, which also count the load.</summary>
/// <param name="confirmations">How many.</param>
internal sealed class KillPoint(int confirmations)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = confirmations;

    /// <summary>Completes when it is reached.</summary>
    public Task Reached => _reached.Task;

    /// <summary>A client saw something confirmed.</summary>
    public void Count()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _reached.TrySetResult();
        }
    }
}
