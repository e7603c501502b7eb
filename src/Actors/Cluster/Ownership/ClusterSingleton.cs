using System.Text;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>
/// Runs something on exactly one node: the one that owns the shard of its name. It starts when the shard is opened here,
/// ends when the shard is closed, lost or suspended, and starts again when the shard goes on. What it writes by itself must name
/// its claim, or be harmless when a node that was cut off does it once more.
/// </summary>
/// <param name="name">The same on all nodes.</param>
/// <param name="shards">Of the cluster.</param>
/// <param name="start">Starts it, such as a <see cref="ScheduledSingleton{TProgress}"/>; disposing the result ends it. Must return at once.</param>
public sealed class ClusterSingleton(string name, int shards, Func<IAsyncDisposable> start) : IShardHost
{
    private volatile IAsyncDisposable? _running;

    /// <summary>The shard that it belongs to.</summary>
    public int Shard { get; } = Sharding.ShardOf(new EntityId(Encoding.UTF8.GetBytes(name)), shards);

    /// <summary>It runs on this node.</summary>
    public bool IsHere => _running is not null;

    /// <inheritdoc/>
    void IShardHost.Open(int shard, long rangeId) => Start(shard);

    /// <inheritdoc/>
    void IShardHost.Resume(int shard) => Start(shard);

    /// <inheritdoc/>
    Task IShardHost.CloseAsync(int shard) => StopAsync(shard);

    /// <inheritdoc/>
    Task IShardHost.DropAsync(int shard) => StopAsync(shard);

    /// <inheritdoc/>
    Task IShardHost.SuspendAsync(int shard) => StopAsync(shard);

    private void Start(int shard)
    {
        if (shard == Shard)
        {
            _running = start();
        }
    }

    private async Task StopAsync(int shard)
    {
        if (shard == Shard && _running is { } running)
        {
            await running.DisposeAsync();
            _running = null;
        }
    }
}
