using System.Collections.Immutable;

namespace SimplexActors.Actors.Cluster.Ownership;

/// <summary>What this node has of every shard, and how that changes. A value: whoever changes it tells the hosts what the methods return.</summary>
public sealed class ShardHolds
{
    private readonly ImmutableArray<ShardHold> _holds;

    /// <summary>Makes holds.</summary>
    public ShardHolds(ImmutableArray<ShardHold> holds) => _holds = holds;

    /// <summary>Shards of the cluster.</summary>
    public int Count => _holds.Length;

    /// <summary>Shards that are on their way to another node.</summary>
    public int HandOffs => _holds.Count(hold => hold.State is HoldState.Closing or HoldState.Closed);

    /// <summary>Nothing is in memory, and nothing is to be released.</summary>
    public bool IsEmpty => _holds.All(hold => hold.State == HoldState.None);

    /// <summary>What is here of a shard.</summary>
    public ShardHold this[int shard] => _holds[shard];

    /// <summary>Nothing of any shard.</summary>
    public static ShardHolds None(int shards) => new([.. new ShardHold[shards]]);

    /// <summary>The lease is over: every open shard is suspended.</summary>
    public (ShardHolds Holds, ImmutableArray<int> Suspend) LeaseOver()
    {
        ImmutableArray<int> open = [.. Where(hold => hold.State == HoldState.Open)];
        return (Change(open, hold => hold with { State = HoldState.Suspended }), open);
    }

    /// <summary>Everything is lost: what is in memory is dropped. What is being closed already ends by itself.</summary>
    public (ShardHolds Holds, ImmutableArray<int> Drop) AllLost()
    {
        ImmutableArray<int> here = [.. Where(hold => hold.State is HoldState.Open or HoldState.Suspended)];
        ShardHolds without = Change(Where(hold => hold.State == HoldState.Closed), _ => ShardHold.None);
        return (without.Change(here, hold => hold with { State = HoldState.Dropping }), here);
    }

    /// <summary>One shard is lost: it is dropped, when it is here.</summary>
    public (ShardHolds Holds, bool Drop) Lost(int shard) => _holds[shard].State is HoldState.Open or HoldState.Suspended
        ? (Change([shard], hold => hold with { State = HoldState.Dropping }), true)
        : (this, false);

    /// <summary>Does what was planned, but for what needs the database.</summary>
    public ShardHolds Begin(OwnershipPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Change(plan.Resume, hold => hold with { State = HoldState.Open })
            .Change(plan.Close, hold => hold with { State = HoldState.Closing })
            .Change(plan.Drop, hold => hold with { State = HoldState.Dropping })
            .Change(plan.Forget, _ => ShardHold.None);
    }

    /// <summary>The database says that this node owns the shard now.</summary>
    public ShardHolds Claimed(int shard, long rangeId) => new(_holds.SetItem(shard, new ShardHold(HoldState.Open, rangeId)));

    /// <summary>A shard was closed: it can be released.</summary>
    public ShardHolds Closed(int shard) => Change([shard], hold => hold with { State = HoldState.Closed });

    /// <summary>A shard was removed from memory.</summary>
    public ShardHolds Dropped(int shard) => Change([shard], _ => ShardHold.None);

    /// <summary>A closed shard was released.</summary>
    public ShardHolds Released(int shard) => Change([shard], hold => hold.State == HoldState.Closed ? ShardHold.None : hold);

    private IEnumerable<int> Where(Func<ShardHold, bool> filter) => Enumerable.Range(0, Count).Where(shard => filter(_holds[shard]));

    private ShardHolds Change(IEnumerable<int> shards, Func<ShardHold, ShardHold> change)
    {
        ImmutableArray<ShardHold>.Builder? changed = null;
        foreach (int shard in shards)
        {
            changed ??= _holds.ToBuilder();
            changed[shard] = change(_holds[shard]);
        }

        return changed is null ? this : new ShardHolds(changed.MoveToImmutable());
    }
}
