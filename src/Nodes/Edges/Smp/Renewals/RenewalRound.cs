using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Edges.Smp.Renewals;

/// <summary>What is renewed together: everything that connections have in some shards.</summary>
/// <param name="shards">Whose owners changed.</param>
/// <param name="shardCount">How many shards there are.</param>
/// <param name="connections">How many connections take part.</param>
internal sealed class RenewalRound(IEnumerable<int> shards, int shardCount, int connections)
{
    private readonly HashSet<int> _shards = [.. shards];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = connections;

    /// <summary>Completes when every connection has told all that it had, or has ended.</summary>
    public Task Done => _left == 0 ? Task.CompletedTask : _done.Task;

    /// <summary>Whose owners changed.</summary>
    public IReadOnlyCollection<int> Shards => _shards;

    /// <summary>True for an entity in one of the shards.</summary>
    public bool Concerns(EntityId id) => _shards.Contains(Sharding.ShardOf(id, shardCount));

    /// <summary>One connection is done; any thread.</summary>
    public void CompleteOne()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _done.TrySetResult();
        }
    }
}
