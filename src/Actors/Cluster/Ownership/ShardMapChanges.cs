using SimplexActors.Actors.Cluster.Membership;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>Tells what changed in the map of shards. One thread at a time.</summary>
internal sealed class ShardMapChanges
{
    private readonly Lock _gate = new();
    private Action<IReadOnlyList<int>>? _listeners;

    /// <summary>Adds a listener.</summary>
    public void Add(Action<IReadOnlyList<int>> changed)
    {
        lock (_gate)
        {
            _listeners += changed;
        }
    }

    /// <summary>Tells the listeners which shards have another owner now.</summary>
    public void Tell(ClusterView before, ClusterView after)
    {
        List<int>? changed = null;
        for (int shard = 0; shard < after.Shards.Length; shard++)
        {
            if (before.OwnerOf(shard) != after.OwnerOf(shard))
            {
                (changed ??= []).Add(shard);
            }
        }

        Action<IReadOnlyList<int>>? listeners;
        lock (_gate)
        {
            listeners = _listeners;
        }

        if (changed is not null)
        {
            listeners?.Invoke(changed);
        }
    }
}
