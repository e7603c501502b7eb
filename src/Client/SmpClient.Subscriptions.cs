using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client;

/// <summary>Subscriptions of notifiers, and of many queues at once.</summary>
public sealed partial class SmpClient
{
    /// <summary><c>NSUB</c>: has the notifications of a queue sent to this connection as <see cref="NotificationReceived"/>.</summary>
    public SmpCall<SmpResponse> SubscribeAsync(NotifierQueue notifier, CancellationToken cancellation = default)
    {
        _subscriptions.Add(notifier.NotifierId, notifier);
        return new(StartAsync(new CommandToSend(NsubCommand.Instance, notifier.NotifierId, notifier.Key, notifier), cancellation));
    }

    /// <summary>
    /// <c>SUB</c> of many queues: the commands share blocks, and only so many wait for their answers at a time that
    /// the router is never flooded. Read <see cref="Events"/> meanwhile: messages may come with the first answers.
    /// </summary>
    /// <returns>The queues that could not be subscribed, with the reason; normally none.</returns>
    public async Task<IReadOnlyList<FailedSubscription>> SubscribeAsync(
        IEnumerable<RecipientQueue> queues, CancellationToken cancellation = default)
    {
        var failed = new List<FailedSubscription>();
        var window = new Queue<(RecipientQueue Queue, SmpCall<SmpResponse> Call)>(ClientLimits.SubscriptionWindow);
        foreach (RecipientQueue queue in queues)
        {
            if (window.Count == ClientLimits.SubscriptionWindow)
            {
                await TakeOldestAsync(window, failed);
            }

            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            window.Enqueue((queue, SubscribeAsync(queue, cancellation)));
        }

        // Also when cancelled: every command that was started is awaited once.
        while (window.Count > 0)
        {
            await TakeOldestAsync(window, failed);
        }

        cancellation.ThrowIfCancellationRequested();
        return failed;
    }

    private static async ValueTask TakeOldestAsync(
        Queue<(RecipientQueue Queue, SmpCall<SmpResponse> Call)> window, List<FailedSubscription> failed)
    {
        (RecipientQueue queue, SmpCall<SmpResponse> call) = window.Dequeue();
        try
        {
            SmpResult<SmpResponse> result = await call.AsResult();
            if (!result.Succeeded)
            {
                failed.Add(new FailedSubscription(queue, result.Failure));
            }
        }
        catch (OperationCanceledException)
        {
            // The same token ends the whole call, after the last answer.
        }
    }
}

/// <summary>A queue that could not be subscribed.</summary>
/// <param name="Queue">The handle.</param>
/// <param name="Failure">Why; <c>AUTH</c> when the queue does not exist any more.</param>
public sealed record FailedSubscription(RecipientQueue Queue, SmpFailure Failure);
