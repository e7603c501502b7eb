using SimplexActors.Soak;
using Xunit;

namespace SimplexActors.Acceptance.Durability;

/// <summary>A small one of what <c>./run soak</c> does for ten minutes.</summary>
[Collection(nameof(WholeMachine))]
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Many_clients_and_vandals_lose_repeat_and_reorder_nothing()
    {
        var run = new SoakRun(new SoakOptions(Clients: 40, Vandals: 4, ProxyUsers: 4, TimeSpan.FromSeconds(10), Environment.TickCount), output.WriteLine);
        Assert.Empty(await run.RunAsync());
        Assert.True(run.Counts.ConfirmedMessages > 0);
    }
}
