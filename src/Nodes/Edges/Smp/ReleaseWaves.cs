using SimplexActors.Actors;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Ends connections spread over a time without a thing of each one's own: every connection belongs to one of a few waves, and
/// one wave after the other is told.
/// </summary>
/// <param name="time">Times the pauses.</param>
internal sealed class ReleaseWaves(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource[] _waves = [.. Enumerable.Range(0, Limits.ReleaseWaves).Select(_ => new CancellationTokenSource())];
    private uint _next;

    /// <summary>The wave of a new connection.</summary>
    public CancellationToken Next() => _waves[Interlocked.Increment(ref _next) % (uint)_waves.Length].Token;

    /// <summary>Tells all waves.</summary>
    /// <param name="over">Time in which the last one is told; zero: all at once.</param>
    /// <param name="isAny">False when there is no connection any more: then there is nothing to wait for.</param>
    /// <param name="deadline">When it is over, there is no further pause.</param>
    public async Task ReleaseAsync(TimeSpan over, Func<bool> isAny, CancellationToken deadline)
    {
        TimeSpan pause = over / _waves.Length;
        foreach (CancellationTokenSource wave in _waves)
        {
            await wave.CancelAsync();
            if (pause > TimeSpan.Zero && isAny())
            {
                await Task.Delay(pause, time, deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CancellationTokenSource wave in _waves)
        {
            wave.Dispose();
        }
    }
}
