using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Acceptance.Services;

/// <summary>
/// Several connections of one service that acknowledge what they receive. A message counts once it was acknowledged: an
/// acknowledgement after the service was lost says <c>NO_MSG</c>, and another connection gets the message again.
/// </summary>
public sealed class ServiceReceiver(int expected)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EntityId, List<int>> _numbers = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = expected;

    /// <summary>Completes when everything was received.</summary>
    public Task Complete => _complete.Task;

    /// <summary>The numbers that a queue's messages carried, in the order of their acknowledgements.</summary>
    public IReadOnlyList<int> Of(RecipientQueue queue) => _numbers.GetValueOrDefault(queue.RecipientId) ?? [];

    /// <summary>Receives until the connection ends.</summary>
    public async Task ReceiveAsync(SmpClient client)
    {
        await foreach (SmpEvent next in client.Events)
        {
            if (next is MessageReceived message)
            {
                SmpResult<SmpResponse> answer = await client.AcknowledgeAsync(message).AsResult();
                if (answer.Succeeded)
                {
                    Add(message.Queue.RecipientId, int.Parse(message.Message.Text()));
                }
            }
        }
    }

    private void Add(EntityId queue, int number)
    {
        lock (_gate)
        {
            List<int> numbers = _numbers.TryGetValue(queue, out List<int>? known) ? known : _numbers[queue] = [];
            if (numbers.Count == 0 || numbers[^1] != number)
            {
                numbers.Add(number);
                if (--_missing == 0)
                {
                    _complete.SetResult();
                }
            }
        }
    }
}
