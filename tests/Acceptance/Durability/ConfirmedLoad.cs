using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Durability;

/// <summary>Clients that load a router, remember what they saw confirmed, and compare it with what is there later.</summary>
/// <param name="random">Chooses what they do.</param>
internal sealed class ConfirmedLoad(Random random)
{
    private const int Pairs = 3;
    private const int Changers = 3;

    /// <summary>A failure bound only: a round takes about a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<MessagePair> _pairs = [];
    private readonly List<QueueChanges> _changers = [];
    private int _confirmations;

    /// <summary>What it did.</summary>
    public string Summary =>
        $"{_pairs.Sum(pair => pair.Queues.Sum(queue => queue.Oracle.ConfirmedCount))} messages, {_confirmations} commands confirmed before the kills";

    /// <summary>Compares the router with what was confirmed; the first time, creates the queues.</summary>
    /// <param name="router">Started again.</param>
    /// <param name="drain">Also takes all messages; else they are left for the next load.</param>
    /// <returns>What differs.</returns>
    public async Task<IReadOnlyList<string>> PrepareAsync(RouterAddress router, bool drain)
    {
        await using SmpClient client = await SmpClient.ConnectAsync(router);
        if (_pairs.Count == 0)
        {
            for (int i = 0; i < Pairs; i++)
            {
                _pairs.Add(await MessagePair.CreateAsync(client, i));
            }

            _changers.AddRange(Enumerable.Range(0, Changers).Select(_ => new QueueChanges(new Random(random.Next()))));
            return [];
        }

        if (drain)
        {
            await Task.WhenAll(_pairs.SelectMany(pair => pair.Queues).Select(queue => queue.DrainAsync(client)));
        }

        IReadOnlyList<string>[] changes = await Task.WhenAll(_changers.Select(changer => changer.VerifyAsync(client)));
        IEnumerable<string> messages = _pairs.SelectMany(pair => pair.Queues).SelectMany(queue => queue.Oracle.Violations);
        return [.. messages, .. changes.SelectMany(violations => violations)];
    }

    /// <summary>Loads the router and kills it after so many confirmations.</summary>
    public async Task RunUntilKilledAsync(RouterProgram program, RouterAddress router, int confirmations)
    {
        _confirmations += confirmations;
        var kill = new KillPoint(confirmations);

        // All of them before any load: the first confirmation may be the last one, and a router that was killed takes nobody.
        SmpClient[] clients = await Task.WhenAll(Enumerable.Range(0, (2 * Pairs) + Changers).Select(_ => SmpClient.ConnectAsync(router)));
        Task load = Task.WhenAll(
        [
            .. _pairs.Select((pair, i) => pair.RunUntilLostAsync(clients[2 * i], clients[(2 * i) + 1], kill)),
            .. _changers.Select((changer, i) => changer.RunUntilLostAsync(clients[(2 * Pairs) + i], kill)),
        ]);
        await Task.WhenAny(kill.Reached, load).WaitAsync(Patience);
        Assert.True(kill.Reached.IsCompleted, "The load ended before the router was killed.");
        program.Signal(RouterProgram.Sigkill);
        await program.ExitAsync();
        await load.WaitAsync(Patience);
        foreach (SmpClient client in clients)
        {
            await client.DisposeAsync();
        }
    }
}
