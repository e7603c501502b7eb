using SimplexActors.Actors.Engine;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>
/// Calls the hosts of shards: all hosts for one shard at the same time, one call after the other for one shard, in the
/// order in which they were asked for. Order the calls under one lock; they run on other threads.
/// </summary>
internal sealed class ShardCalls
{
    private readonly IReadOnlyList<IShardHost> _hosts;
    private readonly Task[] _last;
    private readonly Action<Exception> _fault;

    /// <param name="hosts">In the order in which they are opened.</param>
    /// <param name="shards">Of the cluster.</param>
    /// <param name="fault">A host threw: nobody knows what it still has of the shard.</param>
    public ShardCalls(IReadOnlyList<IShardHost> hosts, int shards, Action<Exception> fault)
    {
        (_hosts, _fault) = (hosts, fault);
        _last = new Task[shards];
        Array.Fill(_last, Task.CompletedTask);
    }

    /// <summary>Completes when every call that was asked for until now has ended.</summary>
    public Task AllEnded => Task.WhenAll(_last);

    public Task Open(int shard, long rangeId) => Enqueue(shard, () => OnAll(host => host.Open(shard, rangeId)));

    public Task Resume(int shard) => Enqueue(shard, () => OnAll(host => host.Resume(shard)));

    public Task Suspend(int shard) => Enqueue(shard, () => Task.WhenAll(_hosts.Select(host => host.SuspendAsync(shard))));

    public Task Close(int shard, Action<int> closed) => Enqueue(shard, () => Task.WhenAll(_hosts.Select(host => host.CloseAsync(shard))), closed);

    public Task Drop(int shard, Action<int> dropped) => Enqueue(shard, () => Task.WhenAll(_hosts.Select(host => host.DropAsync(shard))), dropped);

    private Task OnAll(Action<IShardHost> call)
    {
        foreach (IShardHost host in _hosts)
        {
            call(host);
        }

        return Task.CompletedTask;
    }

    private Task Enqueue(int shard, Func<Task> call, Action<int>? ended = null) => _last[shard] = CallAfter(_last[shard], shard, call, ended);

    private async Task CallAfter(Task before, int shard, Func<Task> call, Action<int>? ended)
    {
        // Never on the caller's thread, which holds the lock that orders the calls.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await call();
        }
        catch (Exception fault)
        {
            _fault(fault);
            return;
        }

        ended?.Invoke(shard);
    }
}
