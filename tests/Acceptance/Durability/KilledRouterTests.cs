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
    private const int MostConfirmations = 1500;

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
        var load = new ConfirmedLoad(random);
        RouterAddress? first = null;
        for (int round = 0; round <= rounds; round++)
        {
            (RouterProgram program, RouterAddress router) = await RouterProgram.StartDevAsync(folder.Path, "--smp-port", port);
            await using (program)
            {
                first ??= router;
                Assert.Equal(first, router);
                bool isLast = round == rounds;
                IReadOnlyList<string> violations = await load.PrepareAsync(router, drain: isLast || random.Next(4) > 0);
                Assert.True(violations.Count == 0, $"seed {seed}, round {round}: {string.Join('\n', violations)}");
                if (!isLast)
                {
                    await load.RunUntilKilledAsync(program, router, confirmations: random.Next(1, MostConfirmations));
                }
            }
        }

        output.WriteLine(load.Summary);
    }

    [Fact]
    public async Task A_router_that_forgot_what_it_had_confirmed_is_found_out()
    {
        using var folder = new TemporaryFolder();
        using var before = new TemporaryFolder();
        var load = new ConfirmedLoad(new Random(1));
        (RouterProgram program, RouterAddress router) = await RouterProgram.StartDevAsync(folder.Path);
        await using (program)
        {
            Assert.Empty(await load.PrepareAsync(router, drain: true));
            program.Signal(RouterProgram.Sigkill);
            await program.ExitAsync();
        }

        Copy(folder.Path, before.Path);
        (program, router) = await RouterProgram.StartDevAsync(folder.Path);
        await using (program)
        {
            await load.RunUntilKilledAsync(program, router, confirmations: 300);
        }

        (program, router) = await RouterProgram.StartDevAsync(before.Path);
        await using (program)
        {
            IReadOnlyList<string> violations = await load.PrepareAsync(router, drain: true);
            Assert.Contains(violations, violation => violation.EndsWith("was confirmed and lost", StringComparison.Ordinal));
            Assert.Contains("existence: True was confirmed, False was found", violations);
        }
    }

    private static int? ReadNumber(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
