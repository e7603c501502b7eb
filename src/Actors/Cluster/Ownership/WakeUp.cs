namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>Wakes the one loop that waits; a call while it does not wait counts for the next wait.</summary>
internal sealed class WakeUp(TimeProvider time)
{
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes the loop. Any thread.</summary>
    public void Set() => Volatile.Read(ref _signal).TrySetResult();

    /// <summary>Completes when woken, cancelled, or after <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        if (!_signal.Task.IsCompleted && longest > TimeSpan.Zero)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(_signal.Task, Task.Delay(longest, time, enough.Token));
            await enough.CancelAsync();
        }

        if (_signal.Task.IsCompleted)
        {
            Volatile.Write(ref _signal, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }
}
