namespace SimplexActors.Nodes.Hosting;

/// <summary>
/// Where clients of one protocol come in. The host starts edges last and stops them first: while an edge
/// runs, the entities and the store behind it do.
/// </summary>
internal interface IEdge : IAsyncDisposable
{
    /// <summary>The ports that are listened on, in configured order; known after <see cref="StartAsync"/>.</summary>
    IReadOnlyList<int> Ports { get; }

    /// <summary>Listens. Clients may connect when the task completes.</summary>
    /// <exception cref="StartException">An address or port cannot be used.</exception>
    Task StartAsync(CancellationToken cancellation);

    /// <summary>
    /// Stops accepting, lets the commands in flight finish and be answered, and closes the connections cleanly.
    /// </summary>
    /// <param name="cancellation">Cancelled when the time to do so is over: connections are then dropped.</param>
    Task StopAsync(CancellationToken cancellation);
}
