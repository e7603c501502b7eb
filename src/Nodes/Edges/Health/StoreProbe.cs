using System.Security.Cryptography;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Edges.Health;

/// <summary>
/// Knows whether the store answers: reads something that is not there. Many may ask; the store is asked now and then, by one
/// at a time.
/// </summary>
/// <param name="read">Reads from the store; fails as a store does (<see cref="StoreUnavailableException"/>).</param>
/// <param name="time">Times the looks.</param>
internal sealed class StoreProbe(Func<CancellationToken, ValueTask> read, TimeProvider time)
{
    private const int IdBytes = 24;

    private readonly Lock _gate = new();
    private Task<bool>? _look;
    private long _began;

    /// <summary>Of a store with entities.</summary>
    public static StoreProbe Of<TRow, TChange>(IEntityStore<TRow, TChange> store, TimeProvider time)
        where TRow : class
    {
        EntityId[] nobody = [new EntityId(RandomNumberGenerator.GetBytes(IdBytes))];
        return new StoreProbe(async cancellation => _ = await store.LoadAsync(nobody, cancellation), time);
    }

    /// <summary>Whether it answered, a moment ago or now.</summary>
    public Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        Task<bool> look;
        lock (_gate)
        {
            if (_look is null || (_look.IsCompleted && time.GetElapsedTime(_began) >= HealthLimits.StoreLook))
            {
                _began = time.GetTimestamp();
                _look = LookAsync();
            }

            look = _look;
        }

        return look.WaitAsync(cancellation);
    }

    private async Task<bool> LookAsync()
    {
        using var patience = new CancellationTokenSource(HealthLimits.StoreAnswer, time);
        try
        {
            // A store may notice the end of patience late.
            await read(patience.Token).AsTask().WaitAsync(patience.Token);
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }
}
