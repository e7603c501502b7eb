using SimplexActors.Client;
using SimplexActors.Cluster.Nodes;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Cluster.Load;

/// <summary>Pairs of sender and recipient who exchange messages over a cluster while something happens to it.</summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private const int Pairs = 8, QueuesPerPair = 3, CreationAttempts = 100;

    private readonly TestCluster _cluster;
    private readonly Func<IReadOnlyList<TestNode>> _edges;
    private readonly List<LoadQueue> _queues = [];
    private readonly CancellationTokenSource _senders = new();
    private readonly CancellationTokenSource _recipients = new();
    private Task _sending = Task.CompletedTask;
    private Task _receiving = Task.CompletedTask;

    private ClusterLoad(TestCluster cluster, Func<IReadOnlyList<TestNode>> edges)
    {
        _cluster = cluster;
        _edges = edges;
    }

    /// <summary>The queues.</summary>
    public IReadOnlyList<LoadQueue> Queues => _queues;

    /// <summary>Creates queues and begins; every queue is served when this returns.</summary>
    /// <param name="cluster">Whole.</param>
    /// <param name="edges">Nodes that clients connect to; null: all.</param>
    /// <param name="owner">Which node shall own the queues; null: any.</param>
    /// <param name="service">The one recipient of all queues; null: every pair has one of its own.</param>
    public static async Task<ClusterLoad> StartAsync(
        TestCluster cluster, Func<IReadOnlyList<TestNode>>? edges = null, Predicate<TestNode>? owner = null, ServiceLogin? service = null)
    {
        var load = new ClusterLoad(cluster, edges ?? (() => cluster.Nodes));
        await load.CreateAsync(owner ?? (_ => true), service);
        cluster.Note("the load begins");
        LoadQueue[][] pairs = [.. load._queues.Chunk(QueuesPerPair)];
        LoadQueue[][] inboxes = service is null ? pairs : [[.. load._queues]];
        load._receiving = Task.WhenAll(inboxes.Select(queues => new LoadRecipient(load.NewSeat(service), queues).RunAsync(load._recipients.Token)));
        load._sending = Task.WhenAll(pairs.Select(queues => new LoadSender(load.NewSeat(), queues).RunAsync(load._senders.Token)));
        await load.ServedAsync();
        return load;
    }

    /// <summary>Waits until on every queue a message that is sent from now on was confirmed and delivered; the longest time that it took.</summary>
    public async Task<TimeSpan> ServedAsync()
    {
        Task<TimeSpan>[] served = [.. _queues.Select(queue => queue.History.ServedAsync())];
        Task all = Task.WhenAll(served);
        Task first = await Task.WhenAny(all, _sending, _receiving, Task.Delay(LoadTimes.Patience));
        if (first != all)
        {
            // A fault of the test says more than the silence that follows from it.
            await (first == _sending || first == _receiving ? first : Task.CompletedTask);
            string[] silent = [.. _queues.Where((_, i) => !served[i].IsCompleted).Select(queue => queue.Name)];
            throw new TimeoutException($"{silent.Length} queues are not served: {string.Join(", ", silent.Take(5))}");
        }

        TimeSpan longest = (await Task.WhenAll(served)).Max();
        _cluster.Note($"all queues are served after {longest.TotalSeconds:0.0} s");
        return longest;
    }

    /// <summary>Ends the load, takes what is left, and judges.</summary>
    public async Task<QueueVerdict> EndAsync()
    {
        await _senders.CancelAsync();
        await _sending;
        using var patience = new CancellationTokenSource(LoadTimes.Patience);
        while (!_queues.TrueForAll(queue => queue.History.IsDrained) && !patience.IsCancellationRequested)
        {
            await Task.Delay(LoadTimes.Retry, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (LoadQueue queue in _queues.Where(queue => !queue.History.IsDrained))
        {
            queue.History.Report("confirmed messages were not delivered to the subscriber");
        }

        await _recipients.CancelAsync();
        await _receiving;
        await using var seat = NewSeat();
        SmpClient client = await seat.ConnectAsync(null, CancellationToken.None);
        foreach (LoadQueue queue in _queues)
        {
            await DrainAsync(client, queue);
        }

        QueueVerdict verdict = QueueVerdict.Sum([.. _queues.Select(queue => queue.History.Judge())]);
        _cluster.Note(verdict with { Others = [] } + string.Concat(verdict.Others.Select(line => "\n  " + line)));
        return verdict;
    }

    /// <summary>Ends the load, however far it is.</summary>
    public async ValueTask DisposeAsync()
    {
        await _senders.CancelAsync();
        await _recipients.CancelAsync();
        await Task.WhenAll(_sending, _receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _senders.Dispose();
        _recipients.Dispose();
    }

    private static async Task DrainAsync(SmpClient client, LoadQueue queue)
    {
        while (await client.GetAsync(queue.Owner) is { } message)
        {
            if (!message.IsQuotaMarker)
            {
                queue.History.Deliver(LoadQueue.NumberOf(message));
            }

            await client.AcknowledgeAsync(queue.Owner, message.Id);
        }
    }

    private Seat NewSeat(ServiceLogin? service = null) => new(_edges, _cluster.Note, new Random(Random.Shared.Next()), service);

    private async Task CreateAsync(Predicate<TestNode> owner, ServiceLogin? service)
    {
        await using Seat seat = NewSeat(service);
        SmpClient client = await seat.ConnectAsync(null, CancellationToken.None);
        Func<EntityId, TestNode?> ownerOf = await _cluster.Facts.OwnersAsync();
        for (int attempt = 0; _queues.Count < Pairs * QueuesPerPair; attempt++)
        {
            LoadQueue queue = await LoadQueue.CreateAsync(client, $"queue {_queues.Count}");
            if (ownerOf(queue.Owner.RecipientId) is { } found && owner(found))
            {
                _queues.Add(queue);
                attempt = 0;
            }
            else if (attempt == CreationAttempts)
            {
                throw new InvalidOperationException("No queue has such an owner.");
            }
        }
    }
}
