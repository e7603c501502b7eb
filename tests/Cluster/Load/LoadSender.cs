using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Cluster.Load;

/// <summary>Sends to some queues over one connection; in each queue one message at a time.</summary>
internal sealed class LoadSender(Seat seat, IReadOnlyList<LoadQueue> queues)
{
    private const int MostBacklog = 8;

    /// <summary>Sends until told to end.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        try
        {
            await Task.WhenAll(queues.Select(queue => SendAsync(queue, ending)));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Whatever was under way is in doubt.
        }

        await seat.DisposeAsync();
    }

    private async Task SendAsync(LoadQueue queue, CancellationToken ending)
    {
        SmpClient? broken = null;
        while (!ending.IsCancellationRequested)
        {
            SmpClient client = await seat.ConnectAsync(broken, ending);
            int number = queue.History.Send();
            SmpResult<SmpResponse> result = await client.SendAsync(queue.Sender, LoadQueue.Body(number), cancellation: CancellationToken.None).AsResult();
            if (result.Failure is { } failure)
            {
                seat.Note($"{queue.Name}: SEND of {number}", failure);
            }

            broken = result.Failure is ConnectionLost or NoAnswer ? client : null;
            if (result.Succeeded)
            {
                queue.History.Confirm(number);
            }
            else if (result.Error == SmpError.Quota)
            {
                queue.History.Refuse(number);
            }
            else if (!IsDoubt(result.Failure))
            {
                queue.History.Report($"SEND: {result.Failure}");
            }

            await Task.Delay(result.Succeeded ? LoadTimes.Send : LoadTimes.Retry, ending);
            while (queue.History.Backlog > MostBacklog)
            {
                // On a busy machine the time until a queue is served would else be that of taking what piled up.
                await Task.Delay(LoadTimes.Send, ending);
            }
        }
    }

    /// <summary>Whether a failure leaves open what happened; whoever sees it tries again later.</summary>
    public static bool IsDoubt(SmpFailure failure) => failure is ConnectionLost or NoAnswer or RouterRefusal { Error: StoreError };
}
