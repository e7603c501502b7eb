using SimplexActors.Actors.Cluster.Ownership;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Ownership;

/// <summary>A job of the cluster runs on one node, and goes on elsewhere when that node goes.</summary>
public sealed class ClusterSingletonTests(PostgresServer server) : OwnershipTestBase(server)
{
    private readonly Dictionary<string, ClusterSingleton> _jobs = [];
    private int _running;
    private int _mostAtOnce;

    [Fact]
    public async Task A_singleton_runs_once_and_moves_when_its_node_leaves_or_dies()
    {
        foreach (string name in (string[])["a", "b", "c"])
        {
            await Cluster.JoinAsync(name, more: Job(name));
        }

        await Cluster.SettledAsync();
        OwnershipNode first = Here();
        await Cluster.LeaveAsync(first);
        await Cluster.SettledAsync();
        OwnershipNode second = Here();
        Assert.NotEqual(first.Name, second.Name);
        await Cluster.CrashAsync(second);
        await Cluster.SettledAsync();
        Assert.NotEqual(second.Name, Here().Name);
        Assert.Equal((1, 1), (_running, _mostAtOnce));
    }

    private OwnershipNode Here() => Assert.Single(Cluster.Nodes, node => _jobs[node.Name].IsHere);

    private ClusterSingleton Job(string node) => _jobs[node] = new ClusterSingleton("expiry", OwnershipCluster.Shards, () =>
    {
        int now = Interlocked.Increment(ref _running);
        _mostAtOnce = Math.Max(_mostAtOnce, now);
        return new Running(this);
    });

    private sealed class Running(ClusterSingletonTests test) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref test._running);
            return ValueTask.CompletedTask;
        }
    }
}
