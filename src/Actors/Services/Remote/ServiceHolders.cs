using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Services.Remote;

/// <summary>Forgets the holders of services that run elsewhere now.</summary>
/// <param name="directory">The holders of the services that run here.</param>
/// <param name="shards">Of the cluster.</param>
public sealed class ServiceHolders(ServiceDirectory directory, int shards) : IShardHost
{
    /// <inheritdoc/>
    public void Open(int shard, long rangeId)
    {
        // Services publish their holders when they learn of them.
    }

    /// <inheritdoc/>
    public void Resume(int shard)
    {
        // They stayed.
    }

    /// <inheritdoc/>
    public Task CloseAsync(int shard) => Forget(shard);

    /// <inheritdoc/>
    public Task DropAsync(int shard) => Forget(shard);

    /// <inheritdoc/>
    public Task SuspendAsync(int shard) => Task.CompletedTask;

    private Task Forget(int shard)
    {
        directory.Forget(service => Sharding.ShardOf(service, shards) == shard);
        return Task.CompletedTask;
    }
}
