using SimplexActors.Client;

namespace SimplexActors.Acceptance.Durability;

/// <summary>A sender and a recipient who exchange messages over several queues, each on one connection.</summary>
/// <param name="queues">The queues.</param>
internal sealed class MessagePair(IReadOnlyList<ObservedQueue> queues)
{
    private const int QueuesPerPair = 3;

    /// <summary>The queues.</summary>
    public IReadOnlyList<ObservedQueue> Queues => queues;

    /// <summary>Creates one.</summary>
    public static async Task<MessagePair> CreateAsync(SmpClient client, int index)
    {
        var queues = new List<ObservedQueue>();
        for (int i = 0; i < QueuesPerPair; i++)
        {
            queues.Add(await ObservedQueue.CreateAsync(client, (index * QueuesPerPair) + i));
        }

        return new MessagePair(queues);
    }

    /// <summary>Exchanges messages until the router is gone.</summary>
    public async Task RunUntilLostAsync(SmpClient recipient, SmpClient sender, KillPoint kill)
    {
        using var ended = new CancellationTokenSource();
        Task receiving = ReceiveUntilLostAsync(recipient, kill, ended);
        await Task.WhenAll(queues.Select(queue => queue.SubscribeAsync(recipient)));
        await Task.WhenAll(queues.Select(queue => queue.SendUntilLostAsync(sender, kill, ended.Token)).Append(receiving));
    }

    private async Task ReceiveUntilLostAsync(SmpClient recipient, KillPoint kill, CancellationTokenSource ended)
    {
        var acknowledgements = new List<Task>();
        await foreach (SmpEvent next in recipient.Events)
        {
            if (next is MessageReceived received)
            {
                ObservedQueue queue = queues.Single(one => one.Owner == received.Queue);
                acknowledgements.Add(queue.TakeAsync(recipient, received.Message, kill));
            }
            else if (next is not ConnectionClosed)
            {
                queues[0].Oracle.Report($"unexpected {next.GetType().Name}");
            }
        }

        await ended.CancelAsync();
        await Task.WhenAll(acknowledgements);
    }
}
