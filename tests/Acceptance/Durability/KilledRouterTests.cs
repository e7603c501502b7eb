using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Durability;

/// <summary>
/// The router is killed at random points under load, again and again on the same folder. What clients saw confirmed is there
/// afterwards, in order, once. <c>SIMPLEX_SOAK</c> says how many rounds, <c>SIMPLEX_SEED</c> which ones.
/// </summary>
[Collection(nameof(WholeMachine))]
public sealed class KilledRouterTests(ITestOutputHelper output)
{
    private const int Rounds = 20;
    private const int Pairs = 3;
    private const int Changers = 3;
    private const int MostConfirmations = 1500;

    /// <summary>A failure bound only: a round takes about a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<MessagePair> _pairs = [];
    private readonly List<QueueChanges> _changers = [];

    [Fact]
    [Spec("S-492")]
    public async Task Nothing_that_a_client_saw_confirmed_is_lost_repeated_or_reordered()
    {
        int rounds = ReadNumber("SIMPLEX_SOAK") ?? Rounds;
        int seed = ReadNumber("SIMPLEX_SEED") ?? Environment.TickCount;
        output.WriteLine($"seed {seed}, {rounds} rounds");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        string port = FreePort.Find(random).ToString();
        RouterAddress? first = null;
        int confirmations = 0;
        for (int round = 0; round <= rounds; round++)
        {
            (RouterProgram program, RouterAddress router) = await RouterProgram.StartDevAsync(folder.Path, "--smp-port", port);
            await using (program)
            {
                first ??= router;
                Assert.Equal(first, router);
                bool isLast = round == rounds;
                await PrepareAsync(router, random, drain: isLast || random.Next(4) > 0);
                if (!isLast)
                {
                    int point = random.Next(1, MostConfirmations);
                    confirmations += point;
                    await RunUntilKilledAsync(program, router, new KillPoint(point));
                }
            }

            AssertNothingWrong($"seed {seed}, round {round}");
        }

        int messages = _pairs.Sum(pair => pair.Queues.Sum(queue => queue.Oracle.ConfirmedCount));
        output.WriteLine($"{messages} messages confirmed, {confirmations} confirmations before the kills");
        Assert.True(messages > rounds);
    }

    private static int? ReadNumber(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;

    /// <summary>Looks at what is there after the last kill; the first time, creates it.</summary>
    private async Task PrepareAsync(RouterAddress router, Random random, bool drain)
    {
        await using SmpClient client = await SmpClient.ConnectAsync(router);
        if (_pairs.Count == 0)
        {
            for (int i = 0; i < Pairs; i++)
            {
                _pairs.Add(await MessagePair.CreateAsync(client, i));
            }

            _changers.AddRange(Enumerable.Range(0, Changers).Select(_ => new QueueChanges(new Random(random.Next()))));
            return;
        }

        if (drain)
        {
            await Task.WhenAll(_pairs.SelectMany(pair => pair.Queues).Select(queue => queue.DrainAsync(client)));
        }

        IReadOnlyList<string>[] changes = await Task.WhenAll(_changers.Select(changer => changer.VerifyAsync(client)));
        Assert.Empty(changes.SelectMany(violations => violations));
    }

    private async Task RunUntilKilledAsync(RouterProgram program, RouterAddress router, KillPoint kill)
    {
        Task load = Task.WhenAll(
        [
            .. _pairs.Select(pair => pair.RunUntilLostAsync(router, kill)),
            .. _changers.Select(changer => changer.RunUntilLostAsync(router, kill)),
        ]);
        Task first = await Task.WhenAny(kill.Reached, load).WaitAsync(Patience);
        program.Signal(RouterProgram.Sigkill);
        await program.ExitAsync();
        await load.WaitAsync(Patience);
        Assert.True(first == kill.Reached || kill.Reached.IsCompleted, "The load ended before the router was killed.");
    }

    private void AssertNothingWrong(string where)
    {
        string[] violations = [.. _pairs.SelectMany(pair => pair.Queues).SelectMany(queue => queue.Oracle.Violations)];
        Assert.True(violations.Length == 0, $"{where}: {string.Join('\n', violations)}");
    }
}
