using System.Threading.Tasks.Sources;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// Wakes the one task that writes a session. It goes on on another thread than the one that gave the signal, so that what
/// is sent meanwhile leaves in the same write. A signal that comes while nobody waits is kept.
/// </summary>
internal sealed class WriterSignal : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private bool _signalled;
    private bool _waits;

    /// <summary>Completes with the next signal, or at once when there was one since the last call.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_signalled)
            {
                _signalled = false;
                return ValueTask.CompletedTask;
            }

            _core.Reset();
            _waits = true;
            return new ValueTask(this, _core.Version);
        }
    }

    /// <summary>Wakes the writer.</summary>
    public void Set()
    {
        lock (_gate)
        {
            _signalled = !_waits;
            if (_waits)
            {
                _waits = false;
                _core.SetResult(true);
            }
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
