using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>Lets a <see cref="ConnectionWatch"/> look at its connections at its interval.</summary>
internal sealed class ConnectionSweep(ConnectionWatch watch, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly PeriodicTimer _timer = new(watch.Interval, time);
    private Task _loop = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start() => _loop = RunAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            int dropped = watch.Look();
            if (dropped > 0)
            {
                SmpEdgeLog.Dropped(logger, dropped);
            }
        }
    }
}
