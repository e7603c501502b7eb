using SimplexActors.Client;
using SimplexActors.Cluster.Nodes;

namespace SimplexActors.Cluster.Load;

/// <summary>
/// Where a client sits: a connection to one node at a time. When it breaks, the client connects to any node, as one does whose
/// router has several addresses.
/// </summary>
/// <param name="nodes">To which it may connect; changes when nodes come and go.</param>
/// <param name="note">Writes down what went wrong.</param>
/// <param name="random">Chooses the node.</param>
/// <param name="service">As which service; null for none.</param>
internal sealed class Seat(Func<IReadOnlyList<TestNode>> nodes, Action<string> note, Random random, ServiceLogin? service = null) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _one = new(1);
    private SmpClient? _client;

    /// <summary>The connection; a new one when there is none or when it is the given one, which broke.</summary>
    /// <param name="broken">Null: none broke.</param>
    /// <param name="ending">Ends the attempts.</param>
    public async Task<SmpClient> ConnectAsync(SmpClient? broken, CancellationToken ending)
    {
        await _one.WaitAsync(ending);
        try
        {
            if (_client is { } present && present != broken)
            {
                return present;
            }

            _client = null;
            await (broken?.DisposeAsync() ?? ValueTask.CompletedTask);
            return _client = await DialAsync(ending);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Writes down why something is to be tried again.</summary>
    public void Note(string what, SmpFailure failure) => Note($"{what}: {failure}");

    /// <summary>Writes down what the router did.</summary>
    public void Note(string what) => note(what);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_client?.DisposeAsync() ?? ValueTask.CompletedTask);
        _one.Dispose();
    }

    private async Task<SmpClient> DialAsync(CancellationToken ending)
    {
        var options = new SmpClientOptions { ConnectTimeout = LoadTimes.Connect, ResponseTimeout = LoadTimes.Response, Service = service };
        while (true)
        {
            IReadOnlyList<TestNode> choice = nodes();
            TestNode node = choice[random.Next(choice.Count)];
            try
            {
                return await SmpClient.ConnectAsync(node.Address, options, ending);
            }
            catch (SmpException failed)
            {
                Note($"connecting to {node.Name}", failed.Failure);

                // Killed, frozen or on its way out: another one, or the same one a little later.
                await Task.Delay(Pause, ending);
            }
        }
    }
}
