namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>Lets a test wait until something is so, looking again whenever something has changed, and now and then for what tells nobody.</summary>
internal sealed class Changes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Pulse() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public async Task UntilAsync(Func<bool> condition, Func<string> describe)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task next = Volatile.Read(ref _next).Task;
            if (condition())
            {
                return;
            }

            try
            {
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token));
                patience.Token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException cancelled)
            {
                throw new TimeoutException($"It did not become so: {describe()}", cancelled);
            }
        }
    }
}
