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
    private readonly HashSet<(EntityId Queue, int Number)> _acknowledged = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything was received and acknowledged.</summary>
    public Task Complete => _complete.Task;

    /// <summary>The numbers that a queue's messages carried, in the order in which they came; a repetition only when it should not have come.</summary>
    public IReadOnlyList<int> Of(RecipientQueue queue) => _numbers.GetValueOrDefault(queue.RecipientId) ?? [];

    /// <summary>Receives until the connection ends.</summary>
    public async Task ReceiveAsync(SmpClient client)
    {
        var latest = new Dictionary<EntityId, int>();
        await foreach (SmpEvent next in client.Events)
        {
            if (next is MessageReceived message)
            {
                EntityId queue = message.Queue.RecipientId;
                int number = int.Parse(message.Message.Text());

                // Noted before the acknowledgement, which lets the next message go to any connection: answers to two
                // connections have no order, but no message comes before the one ahead of it was acknowledged.
                NoteReceived(queue, number, isOlder: number < latest.GetValueOrDefault(queue));
                latest[queue] = number;
                SmpResult<SmpResponse> answer = await client.AcknowledgeAsync(message).AsResult();
                if (answer.Succeeded)
                {
                    NoteAcknowledged(queue, number);
                }
            }
        }
    }

    /// <summary>A copy may have been under way to a connection that another replaced; out of order on its own connection it is noted.</summary>
    private void NoteReceived(EntityId queue, int number, bool isOlder)
    {
        lock (_gate)
        {
            List<int> numbers = _numbers.TryGetValue(queue, out List<int>? known) ? known : _numbers[queue] = [];
            if (isOlder || !numbers.Contains(number))
            {
                numbers.Add(number);
            }
        }
    }

    private void NoteAcknowledged(EntityId queue, int number)
    {
        lock (_gate)
        {
            if (!_acknowledged.Add((queue, number)))
            {
                // It was delivered again after its acknowledgement was confirmed.
                _numbers[queue].Add(number);
            }
            else if (_acknowledged.Count == expected)
            {
                _complete.SetResult();
            }
        }
    }
}
