using System.Threading.Tasks.Sources;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Waits until as many signals came as were announced; reusable, one waiter. Nothing is allocated, and a wait that
/// is already over completes at once. Continuations run on the thread pool, never on the signalling thread, which may
/// be a queue's turn.
/// </summary>
internal sealed class Countdown : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _pending = 1;

    /// <summary>Announces a signal; only before <see cref="WaitAsync"/>.</summary>
    public void Expect() => Interlocked.Increment(ref _pending);

    /// <summary>One announced signal came; any thread.</summary>
    public void Signal()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _source.SetResult(true);
        }
    }

    /// <summary>Completes when all announced signals came; the countdown can then be used again.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _pending = 1;
            return ValueTask.CompletedTask;
        }

        return new ValueTask(this, _source.Version);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _source.GetResult(token);
        _source.Reset();
        _pending = 1;
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
