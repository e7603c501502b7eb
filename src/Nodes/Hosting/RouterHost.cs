using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Hosting;

/// <summary>
/// The running router: the parts that everything rests on (store, entities), built before and released
/// last, and the edges, started in order and stopped all at once.
/// </summary>
/// <param name="foundation">What edges use, in order of construction; released in the opposite order.</param>
/// <param name="edges">The edges.</param>
/// <param name="logger">Tells about starting and stopping.</param>
/// <param name="cluster">The node's part in its cluster; null for a router that is alone. Released after the edges.</param>
internal sealed class RouterHost(
    IReadOnlyList<IAsyncDisposable> foundation, IReadOnlyList<IEdge> edges, ILogger logger, ClusterFoundation? cluster = null) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new([.. foundation, .. cluster is null ? [] : new[] { cluster }, .. edges]);

    /// <summary>The ports that clients can use, in configured order; known after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<int> Ports => [.. edges.SelectMany(edge => edge.Ports)];

    /// <summary>Fails when the node cannot be a member of its cluster any more; never completes otherwise.</summary>
    public Task Broken => cluster is null ? Task.Delay(Timeout.Infinite) : cluster.BrokenAsync();

    /// <summary>Joins the cluster and starts the edges. When one cannot start, the router cannot: dispose of the host.</summary>
    /// <exception cref="StartException">The node cannot join, or an edge cannot use its address or port.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (cluster is not null)
        {
            await cluster.JoinAsync(cancellation);
        }

        foreach (IEdge edge in edges)
        {
            await edge.StartAsync(cancellation);
        }
    }

    /// <summary>
    /// Hands over to the other nodes, stops the edges and then leaves the cluster: clients that are released one after the other
    /// are served by this node until then, from shards elsewhere. Edges that are not done after <paramref name="patience"/> drop
    /// their connections; the store still closes properly in <see cref="DisposeAsync"/>.
    /// </summary>
    /// <returns>False when an edge failed to stop properly; what happened is in the log.</returns>
    public async Task<bool> StopAsync(TimeSpan patience, TimeProvider time)
    {
        long began = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(patience, time);
        if (cluster is { HasOthers: true })
        {
            // A database that does not answer must not take the clients' time.
            using var half = new CancellationTokenSource(patience / 2, time);
            await cluster.HandOverAsync(half.Token);
        }

        bool[] clean = await Task.WhenAll(edges.Select(edge => StopAsync(edge, deadline.Token)));
        if (cluster is not null)
        {
            await cluster.LeaveAsync(patience - time.GetElapsedTime(began), time);
        }

        return clean.All(c => c);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task<bool> StopAsync(IEdge edge, CancellationToken deadline)
    {
        try
        {
            await edge.StopAsync(deadline);
            return true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            HostLog.StoppedLate(logger);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One edge that fails to stop must not keep the others and the store from closing.
            HostLog.EdgeFailedToStop(logger, e);
            return false;
        }
    }
}
