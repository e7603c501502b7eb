using SimplexActors.Actors.Cluster.Ownership;

namespace SimplexActors.Nodes.Hosting;

/// <summary>Jobs of which there is one: in a cluster each runs on one of the nodes, else here.</summary>
internal sealed class NodeJobs(ClusterFoundation? cluster) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _here = [];

    /// <summary>Lets a job run.</summary>
    /// <param name="name">The same on all nodes.</param>
    /// <param name="start">Starts it; disposing the result ends it.</param>
    public void Run(string name, Func<IAsyncDisposable> start)
    {
        if (cluster is null)
        {
            _here.Add(start());
        }
        else
        {
            cluster.Hosts.Add(new ClusterSingleton(name, cluster.Ownership.ShardCount, start));
        }
    }

    /// <summary>Ends those that run here because the router is alone; the cluster ends its own.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable job in _here)
        {
            await job.DisposeAsync();
        }
    }
}
