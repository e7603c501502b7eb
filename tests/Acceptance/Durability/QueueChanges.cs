using SimplexActors.Client;

namespace SimplexActors.Acceptance.Durability;

/// <summary>A client that creates, changes and deletes queues, one command after another.</summary>
/// <param name="random">Chooses.</param>
internal sealed class QueueChanges(Random random)
{
    private const int MostQueues = 10;
    private const int DeletedRemembered = 20;

    private readonly List<ChangingQueue> _queues = [];
    private readonly Queue<ChangingQueue> _deleted = [];

    /// <summary>Changes queues until the router is gone.</summary>
    public async Task RunUntilLostAsync(SmpClient client, KillPoint kill)
    {
        bool isThere = true;
        while (isThere)
        {
            if (_queues.Count < MostQueues && random.Next(4) == 0 || _queues.Count == 0)
            {
                ChangingQueue? created = await ChangingQueue.TryCreateAsync(client, random, kill);
                isThere = created is not null;
                _queues.AddRange(created is null ? [] : [created]);
            }
            else
            {
                isThere = await _queues[random.Next(_queues.Count)].ChangeAsync(client, random, kill);
                SetDeletedAside();
            }
        }
    }

    /// <summary>Compares the router with what was confirmed; returns what differs.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync(SmpClient client)
    {
        var violations = new List<string>();
        foreach (ChangingQueue queue in _queues.Concat(_deleted))
        {
            violations.AddRange(await queue.VerifyAsync(client));
        }

        SetDeletedAside();
        return violations;
    }

    private void SetDeletedAside()
    {
        foreach (ChangingQueue queue in _queues.Where(queue => !queue.Exists))
        {
            _deleted.Enqueue(queue);
        }

        _queues.RemoveAll(queue => !queue.Exists);
        while (_deleted.Count > DeletedRemembered)
        {
            _deleted.Dequeue();
        }
    }
}
